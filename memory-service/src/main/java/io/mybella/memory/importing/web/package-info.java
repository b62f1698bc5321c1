/** The import over HTTP, for the operator alone. */
@NullMarked
package io.mybella.memory.importing.web;

import org.jspecify.annotations.NullMarked;
