package io.mybella.voice.preset;

import org.jspecify.annotations.Nullable;

/**
 * A preset voice.
 *
 * @param id its id at ElevenLabs
 * @param name its name
 * @param description what it sounds like
 * @param gender such as {@code female}, as ElevenLabs labels it
 * @param available whether it exists as far as is known; {@code false} when the account has lost it
 * @param recording where ElevenLabs has a recording of it
 * @param suggestion the preset that comes closest; only of one that is not available
 */
public record VoicePreset(
    String id,
    String name,
    @Nullable String description,
    @Nullable String gender,
    boolean available,
    @Nullable String recording,
    @Nullable String suggestion) {

  VoicePreset lost(@Nullable String inItsPlace) {
    return new VoicePreset(id, name, description, gender, false, null, inItsPlace);
  }
}
