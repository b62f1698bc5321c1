package io.mybella.persona.catalog.web;

import io.mybella.persona.catalog.PersonaView;
import io.mybella.persona.catalog.Profile;
import org.jspecify.annotations.Nullable;

/** A persona as front ends know it: its members stand in an order that they have always had. */
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
    Profile profile = view.profile();
    return new PersonaResponse(
        view.id().value(),
        profile.name(),
        profile.displayName(),
        profile.description(),
        view.avatar(),
        view.avatarUrl(),
        profile.personalityTraits(),
        profile.communicationStyle(),
        profile.tagline(),
        profile.voiceId(),
        view.hasCustomVoice(),
        view.isCustom(),
        view.isCurrent());
  }
}
