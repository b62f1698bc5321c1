/** Erasing what this service holds of a deleted persona, and the receipt for it. */
@NullMarked
package io.mybella.voice.erasure;

import org.jspecify.annotations.NullMarked;
