package io.mybella.persona.catalog.web;

import io.mybella.persona.catalog.PersonaView;
import org.jspecify.annotations.Nullable;

/** A persona as front ends know it. */
public record PersonaResponse(
    long id,
    String name,
    String displayName,
    String description,
    @Nullable String avatar,
    @Nullable String avatarUrl,
    String personalityTraits,
    String communicationStyle,
    String tagline,
    @Nullable String voiceId,
    boolean hasCustomVoice,
    boolean isCustom,
    boolean isCurrent) {

  /** Translates what the catalogue shows. */
  public static PersonaResponse of(PersonaView view) {
    return new PersonaResponse(
        view.id(),
        view.name(),
        view.displayName(),
        view.description(),
        view.avatar(),
        view.avatarUrl(),
        view.personalityTraits(),
        view.communicationStyle(),
        view.tagline(),
        view.voiceId(),
        view.hasCustomVoice(),
        view.isCustom(),
        view.isCurrent());
  }
}
