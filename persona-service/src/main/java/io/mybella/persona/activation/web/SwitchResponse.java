package io.mybella.persona.activation.web;

import io.mybella.persona.activation.ChosenPersona;
import org.jspecify.annotations.Nullable;

/** The answer to a switch, with the members that front ends expect of it and no others. */
record SwitchResponse(String message, Chosen persona) {

  record Chosen(long id, String name, String displayName, @Nullable String avatar) {}

  static SwitchResponse of(ChosenPersona chosen) {
    return new SwitchResponse(
        "Switched to " + chosen.displayName(),
        new Chosen(chosen.id().value(), chosen.name(), chosen.displayName(), chosen.avatar()));
  }
}
