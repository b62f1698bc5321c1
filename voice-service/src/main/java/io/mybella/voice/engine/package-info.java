/**
 * The system default voice: speech without a key and without a network, behind the seam {@link
 * io.mybella.voice.engine.SpeechEngine}.
 */
@NullMarked
package io.mybella.voice.engine;

import org.jspecify.annotations.NullMarked;
