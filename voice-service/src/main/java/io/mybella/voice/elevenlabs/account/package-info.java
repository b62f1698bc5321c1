/** The account at ElevenLabs: its voices and the clones among them. */
@NullMarked
package io.mybella.voice.elevenlabs.account;

import org.jspecify.annotations.NullMarked;
