package io.mybella.persona.catalog;

import io.mybella.persona.identity.PersonaId;

/**
 * A persona that was taken in.
 *
 * @param id its id from now on
 * @param renamed whether it has another name than it came with, because its owner uses that already
 */
public record TakenIn(PersonaId id, boolean renamed) {}
