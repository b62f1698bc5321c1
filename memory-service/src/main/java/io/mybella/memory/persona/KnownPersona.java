package io.mybella.memory.persona;

import org.jspecify.annotations.Nullable;

/**
 * What this service knows of a persona.
 *
 * @param ownerUserId the only user who may use it; null for a persona of the system, which
 *     everybody may
 * @param active whether it may be used at all
 * @param version version of the persona that this tells of; 0 when it is not known
 * @param name what it is called; null when it is not known
 */
public record KnownPersona(
    long personaId,
    @Nullable Long ownerUserId,
    boolean active,
    long version,
    @Nullable String name) {

  /** A persona whose name is not known. */
  public KnownPersona(long personaId, @Nullable Long ownerUserId, boolean active, long version) {
    this(personaId, ownerUserId, active, version, null);
  }
}
