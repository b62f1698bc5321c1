package io.mybella.voice.preset;

import org.jspecify.annotations.Nullable;

/**
 * A preset voice.
 *
 * @param id its id at ElevenLabs
 * @param name its name
 * @param description what it sounds like
 * @param available whether it exists as far as is known; {@code false} when the account has lost it
 */
public record VoicePreset(
    String id, String name, @Nullable String description, boolean available) {}
