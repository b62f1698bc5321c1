package io.mybella.memory.persona;

import java.sql.Types;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The read model of personas. */
@Repository
public class KnownPersonas {

  private final JdbcClient jdbc;

  KnownPersonas(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes news of a persona, unless what is known is as new, or the persona or its owner is gone
   * for good.
   */
  public void learn(KnownPersona news) {
    jdbc.sql(
            """
            INSERT INTO known_persona (persona_id, owner_user_id, active, version, name)
            SELECT :persona_id, :owner::bigint, :active, :version, :name::text
            WHERE NOT EXISTS (SELECT FROM persona_tombstone WHERE persona_id = :persona_id)
            ON CONFLICT (persona_id) DO UPDATE
            SET owner_user_id = excluded.owner_user_id,
                active = excluded.active,
                version = excluded.version,
                name = excluded.name
            WHERE known_persona.version < excluded.version
            """)
        .param("persona_id", news.personaId())
        .param("owner", news.ownerUserId(), Types.BIGINT)
        .param("active", news.active())
        .param("version", news.version())
        .param("name", news.name(), Types.VARCHAR)
        .update();
  }

  /**
   * Drops the personas of a user whose account has a tombstone.
   *
   * @return how many there were
   */
  public long forgetAllOf(long userId) {
    return jdbc.sql("DELETE FROM known_persona WHERE owner_user_id = :user_id")
        .param("user_id", userId)
        .update();
  }

  /** Drops what is known of a persona that has a tombstone. */
  public void forget(long personaId) {
    jdbc.sql("DELETE FROM known_persona WHERE persona_id = :persona_id")
        .param("persona_id", personaId)
        .update();
  }
}
