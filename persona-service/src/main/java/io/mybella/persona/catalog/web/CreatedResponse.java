package io.mybella.persona.catalog.web;

import io.mybella.persona.catalog.PersonaView;
import io.mybella.persona.catalog.Profile;
import org.jspecify.annotations.Nullable;

/** The answer to a creation, with the members that front ends expect of it and no others. */
record CreatedResponse(String message, Created persona) {

  record Created(
      long id,
      String name,
      String displayName,
      String description,
      @Nullable String avatar,
      @Nullable String voiceId) {}

  static CreatedResponse of(PersonaView view) {
    Profile profile = view.profile();
    return new CreatedResponse(
        "Custom persona created successfully!",
        new Created(
            view.id().value(),
            profile.name(),
            profile.displayName(),
            profile.description(),
            view.avatar(),
            profile.voiceId()));
  }
}
