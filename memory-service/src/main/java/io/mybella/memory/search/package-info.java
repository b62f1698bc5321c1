/** Looks for words in what was said. */
@NullMarked
package io.mybella.memory.search;

import org.jspecify.annotations.NullMarked;
