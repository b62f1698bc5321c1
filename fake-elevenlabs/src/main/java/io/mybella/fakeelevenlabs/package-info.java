/**
 * A stand-in for ElevenLabs: its HTTP API as far as voice-service uses it, for an account with a
 * plan's limits, with tones instead of voices, and with a switch for every fault that the real one
 * shows. Tests run it in their own JVM, {@code ./mybella up --fake-elevenlabs} as a program.
 *
 * <p>Facts are those of its API reference, elevenlabs.io/docs/api-reference; that they are met is
 * tested with its own client for Node.
 */
@NullMarked
package io.mybella.fakeelevenlabs;

import org.jspecify.annotations.NullMarked;
