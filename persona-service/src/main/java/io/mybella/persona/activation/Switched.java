package io.mybella.persona.activation;

import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user's active persona changed; told within the transaction of the change.
 *
 * @param previousPersonaId null when the user never chose before
 * @param version counts the user's switches, from 1
 */
public record Switched(
    UserId userId,
    PersonaId personaId,
    @Nullable PersonaId previousPersonaId,
    Reason reason,
    long version,
    Instant at) {

  /** Why the active persona changed. */
  public enum Reason {
    /** The user chose another. */
    USER,
    /** The active one was deleted. */
    PERSONA_DELETED,
    /** The user chose it in an installation that was taken over. */
    IMPORT
  }
}
