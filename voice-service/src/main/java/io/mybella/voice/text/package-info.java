/** Texts, where they have to be cut to be said. */
@NullMarked
package io.mybella.voice.text;

import org.jspecify.annotations.NullMarked;
