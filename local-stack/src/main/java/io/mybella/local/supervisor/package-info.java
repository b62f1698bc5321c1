/** Starts parts, watches them, starts them again when they crash, and ends them in order. */
@NullMarked
package io.mybella.local.supervisor;

import org.jspecify.annotations.NullMarked;
