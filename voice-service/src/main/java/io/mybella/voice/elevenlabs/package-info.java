/**
 * The ElevenLabs API as this service uses it: speech, voices of the account, clones. Nothing here
 * is called without a key. Facts are those of its API reference, elevenlabs.io/docs/api-reference.
 */
@NullMarked
package io.mybella.voice.elevenlabs;

import org.jspecify.annotations.NullMarked;
