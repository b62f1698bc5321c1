/** The history over HTTP. */
@NullMarked
package io.mybella.memory.history.web;

import org.jspecify.annotations.NullMarked;
