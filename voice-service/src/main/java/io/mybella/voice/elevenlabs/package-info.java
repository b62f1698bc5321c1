/**
 * What all of ElevenLabs has in common here: the settings, and what its errors mean. The way to it
 * is room {@code gate}, behind which {@code speech} speaks and {@code account} looks after voices.
 * Facts are those of its API reference, elevenlabs.io/docs/api-reference.
 */
@NullMarked
package io.mybella.voice.elevenlabs;

import org.jspecify.annotations.NullMarked;
