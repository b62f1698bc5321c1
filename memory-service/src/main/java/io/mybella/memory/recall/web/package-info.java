/** Recalling over HTTP. */
@NullMarked
package io.mybella.memory.recall.web;

import org.jspecify.annotations.NullMarked;
