/** The history of a pair: its messages, page by page. */
@NullMarked
package io.mybella.memory.history;

import org.jspecify.annotations.NullMarked;
