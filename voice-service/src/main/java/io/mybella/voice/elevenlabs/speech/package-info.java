/** Text to speech at ElevenLabs: calls whose answer is sound, as it arrives. */
@NullMarked
package io.mybella.voice.elevenlabs.speech;

import org.jspecify.annotations.NullMarked;
