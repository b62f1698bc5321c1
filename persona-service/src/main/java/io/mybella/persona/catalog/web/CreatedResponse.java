package io.mybella.persona.catalog.web;

import io.mybella.persona.catalog.PersonaView;
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
    return new CreatedResponse(
        "Custom persona created successfully!",
        new Created(
            view.id(),
            view.name(),
            view.displayName(),
            view.description(),
            view.avatar(),
            view.voiceId()));
  }
}
