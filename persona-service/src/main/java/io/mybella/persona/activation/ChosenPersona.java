package io.mybella.persona.activation;

import io.mybella.persona.identity.PersonaId;
import org.jspecify.annotations.Nullable;

/**
 * The persona that a switch led to.
 *
 * @param avatar the name of its picture; null without one
 */
public record ChosenPersona(
    PersonaId id, String name, String displayName, @Nullable String avatar) {}
