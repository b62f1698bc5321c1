/**
 * The way to ElevenLabs: a slot of the account where one is needed, the breaker that keeps a
 * service from being asked while it fails, and one deadline for all that a call waits for.
 */
@NullMarked
package io.mybella.voice.elevenlabs.gate;

import org.jspecify.annotations.NullMarked;
