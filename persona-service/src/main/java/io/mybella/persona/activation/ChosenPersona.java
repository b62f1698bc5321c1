package io.mybella.persona.activation;

import org.jspecify.annotations.Nullable;

/**
 * The persona that a switch led to.
 *
 * @param avatar the name of its picture; null without one
 */
public record ChosenPersona(long id, String name, String displayName, @Nullable String avatar) {}
