/** Finds what was said that bears most on a question. */
@NullMarked
package io.mybella.memory.recall;

import org.jspecify.annotations.NullMarked;
