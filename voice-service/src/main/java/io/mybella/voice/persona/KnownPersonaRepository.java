package io.mybella.voice.persona;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code known_persona}. */
@Repository
class KnownPersonaRepository {

  private final JdbcClient database;

  KnownPersonaRepository(JdbcClient database) {
    this.database = database;
  }

  /** Reads a row for a user. To a user whose account is gone every persona looks deleted. */
  Optional<Row> find(long id, long userId) {
    return database
        .sql(
            """
            with gone as (select from erased_account where user_id = :user)
            select persona_id, owner_user_id, voice_id, state from known_persona
            where persona_id = :id and not exists (select from gone)
            union all
            select :id, null, null, 'deleted' from gone
            """)
        .param("id", id)
        .param("user", userId)
        .query(KnownPersonaRepository::row)
        .optional();
  }

  /** Reads a row and keeps it from changing until the transaction ends. */
  Optional<Row> lock(long id) {
    return held(id, "for update");
  }

  /** Reads a row and keeps it from changing, as others may at the same time. */
  Optional<Row> share(long id) {
    return held(id, "for share");
  }

  private Optional<Row> held(long id, String how) {
    return database
        .sql(
            """
            select persona_id, owner_user_id, voice_id, state from known_persona
            where persona_id = ?
            """
                + how)
        .param(id)
        .query(KnownPersonaRepository::row)
        .optional();
  }

  /** Takes over a newer state; what is older, and everything after a deletion, has no effect. */
  void upsert(
      long id,
      @Nullable Long owner,
      String name,
      @Nullable String voiceId,
      State state,
      long version,
      Instant at) {
    database
        .sql(
            """
            insert into known_persona as k
              (persona_id, owner_user_id, name, voice_id, state, version, updated_at)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (persona_id) do update
              set owner_user_id = excluded.owner_user_id, name = excluded.name,
                  voice_id = excluded.voice_id, state = excluded.state,
                  version = excluded.version, updated_at = excluded.updated_at
              where k.state <> 'deleted' and k.version < excluded.version
            """)
        .param(id)
        .param(owner)
        .param(name)
        .param(voiceId)
        .param(state.name().toLowerCase(java.util.Locale.ROOT))
        .param(version)
        .param(Timestamp.from(at))
        .update();
  }

  /** Notes what persona-service answered; an event, whatever its version, knows better. */
  void insertIfUnknown(
      long id, @Nullable Long owner, String name, @Nullable String voiceId, Instant at) {
    database
        .sql(
            """
            insert into known_persona
              (persona_id, owner_user_id, name, voice_id, state, version, updated_at)
            values (?, ?, ?, ?, 'active', 0, ?)
            on conflict (persona_id) do nothing
            """)
        .param(id)
        .param(owner)
        .param(name)
        .param(voiceId)
        .param(Timestamp.from(at))
        .update();
  }

  void bury(long id, long version, Instant at) {
    database
        .sql(
            """
            insert into known_persona as k (persona_id, state, version, updated_at)
            values (?, 'deleted', ?, ?)
            on conflict (persona_id) do update
              set state = 'deleted', owner_user_id = null, name = null, voice_id = null,
                  version = greatest(k.version, excluded.version), updated_at = excluded.updated_at
            """)
        .params(id, version, Timestamp.from(at))
        .update();
  }

  List<Long> suspendAllOf(long ownerUserId) {
    return database
        .sql(
            """
            update known_persona set state = 'inactive' where owner_user_id = ?
            returning persona_id
            """)
        .param(ownerUserId)
        .query(Long.class)
        .list();
  }

  void buryAllOf(long ownerUserId, Instant at) {
    database
        .sql(
            """
            update known_persona
            set state = 'deleted', owner_user_id = null, name = null, voice_id = null,
                updated_at = ?
            where owner_user_id = ?
            """)
        .params(Timestamp.from(at), ownerUserId)
        .update();
  }

  long nextVoiceVersion(long id) {
    return database
        .sql(
            """
            update known_persona set voice_version = voice_version + 1 where persona_id = ?
            returning voice_version
            """)
        .param(id)
        .query(Long.class)
        .single();
  }

  private static Row row(java.sql.ResultSet row, int number) throws java.sql.SQLException {
    return new Row(
        new KnownPersona(
            row.getLong("persona_id"),
            row.getObject("owner_user_id", Long.class),
            row.getString("voice_id")),
        State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)));
  }

  enum State {
    ACTIVE,
    INACTIVE,
    DELETED
  }

  record Row(KnownPersona persona, State state) {}
}
