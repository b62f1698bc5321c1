/** The search over HTTP. */
@NullMarked
package io.mybella.memory.search.web;

import org.jspecify.annotations.NullMarked;
