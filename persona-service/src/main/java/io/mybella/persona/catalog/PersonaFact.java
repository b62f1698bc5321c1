package io.mybella.persona.catalog;

import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something that happened to a persona, told to the other rooms within the transaction of it. */
public sealed interface PersonaFact {

  /** The persona. */
  PersonaId personaId();

  /** A persona exists from now on, or is made known for the first time. */
  record Created(PersonaState state) implements PersonaFact {

    @Override
    public PersonaId personaId() {
      return state.id();
    }
  }

  /** A persona's profile or picture changed. */
  record Updated(PersonaState state) implements PersonaFact {

    @Override
    public PersonaId personaId() {
      return state.id();
    }
  }

  /**
   * A persona was deleted.
   *
   * @param ownerUserId the user it belonged to; null for a built-in persona
   * @param removedBy the user who deleted it; {@link UserId#NOBODY} when it went with its account
   * @param erasureId names the erasure in every service
   * @param version the persona's last version
   */
  record Removed(
      PersonaId personaId,
      @Nullable UserId ownerUserId,
      UserId removedBy,
      UUID erasureId,
      long version,
      Instant removedAt)
      implements PersonaFact {}

  /** A persona was deleted a while ago, and not every service has erased what it held of it. */
  record RemovalPending(
      PersonaId personaId,
      @Nullable UserId ownerUserId,
      UUID erasureId,
      long version,
      Instant removedAt)
      implements PersonaFact {

    /**
     * That of the persona in a row.
     *
     * @param first the number of the first column of {@link PersonaTable#REMOVAL}
     */
    public static RemovalPending of(ResultSet row, int first, UUID erasureId, Instant removedAt)
        throws SQLException {
      return new RemovalPending(
          new PersonaId(row.getLong(first)),
          UserId.ofNullable(row.getObject(first + 1, Long.class)),
          erasureId,
          row.getLong(first + 2),
          removedAt);
    }
  }
}
