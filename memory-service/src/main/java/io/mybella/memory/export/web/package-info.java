/** The export over HTTP, as JSON Lines. */
@NullMarked
package io.mybella.memory.export.web;

import org.jspecify.annotations.NullMarked;
