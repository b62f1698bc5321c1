/** How long somebody waits for the first of what is streamed. */
@NullMarked
package io.mybella.waiting;

import org.jspecify.annotations.NullMarked;
