package io.mybella.voice.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code voice_sample} and {@code clone_removal}. */
@Repository
class CustomVoiceRepository {

  private static final String COLUMNS =
      "id, persona_id, blob_key, media_type, duration_ms, consent, clone_voice_id, clone_problem,"
          + " created_at";

  private final JdbcClient database;

  CustomVoiceRepository(JdbcClient database) {
    this.database = database;
  }

  Optional<CustomVoice> find(long personaId) {
    return database
        .sql("select " + COLUMNS + " from voice_sample where persona_id = ?")
        .param(personaId)
        .query(CustomVoiceRepository::row)
        .optional();
  }

  void insert(CustomVoice voice, long ownerUserId, int sizeBytes) {
    database
        .sql(
            """
            insert into voice_sample
              (id, persona_id, owner_user_id, blob_key, media_type, size_bytes, duration_ms,
               consent, clone_next_attempt, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            voice.id(),
            voice.personaId(),
            ownerUserId,
            voice.blobKey(),
            voice.mediaType(),
            sizeBytes,
            voice.durationMs(),
            voice.consent(),
            Timestamp.from(voice.createdAt()),
            Timestamp.from(voice.createdAt()))
        .update();
  }

  /** Deletes the voice of a persona; its clone, if any, is noted for removal. */
  Optional<CustomVoice> delete(long personaId, Instant now) {
    Optional<CustomVoice> deleted =
        database
            .sql("delete from voice_sample where persona_id = ? returning " + COLUMNS)
            .param(personaId)
            .query(CustomVoiceRepository::row)
            .optional();
    deleted
        .map(CustomVoice::cloneVoiceId)
        .ifPresent(clone -> requestRemoval(clone, personaId, now));
    return deleted;
  }

  void requestRemoval(String cloneVoiceId, long personaId, Instant now) {
    database
        .sql(
            """
            insert into clone_removal (clone_voice_id, persona_id, requested_at, next_attempt)
            values (?, ?, ?, ?) on conflict do nothing
            """)
        .params(cloneVoiceId, personaId, Timestamp.from(now), Timestamp.from(now))
        .update();
  }

  /** Takes a sample that is to be cloned; nobody else takes it before the lease ends. */
  Optional<CustomVoice> takeForCloning(Instant now, Duration lease) {
    return database
        .sql(
            """
            update voice_sample
            set clone_next_attempt = ?, clone_attempts = clone_attempts + 1
            where id = (
              select id from voice_sample
              where consent and clone_voice_id is null and clone_next_attempt <= ?
              order by clone_next_attempt limit 1 for update skip locked)
            returning %s
            """
                .formatted(COLUMNS))
        .params(Timestamp.from(now.plus(lease)), Timestamp.from(now))
        .query(CustomVoiceRepository::row)
        .optional();
  }

  boolean cloned(UUID id, String cloneVoiceId) {
    return database
            .sql("update voice_sample set clone_voice_id = ?, clone_problem = null where id = ?")
            .params(cloneVoiceId, id)
            .update()
        == 1;
  }

  void notCloned(UUID id, String problem, Instant now) {
    database
        .sql(
            """
            update voice_sample set clone_problem = ?, clone_next_attempt =
              cast(? as timestamptz)
                + least(interval '1 hour', interval '5 seconds' * power(2, clone_attempts))
            where id = ?
            """)
        .params(problem, Timestamp.from(now), id)
        .update();
  }

  /** Takes a clone that is to be removed; nobody else takes it before the lease ends. */
  Optional<Removal> takeForRemoval(Instant now, Duration lease) {
    return database
        .sql(
            """
            update clone_removal set next_attempt = ?, attempts = attempts + 1
            where clone_voice_id = (
              select clone_voice_id from clone_removal where next_attempt <= ?
              order by next_attempt limit 1 for update skip locked)
            returning clone_voice_id, persona_id
            """)
        .params(Timestamp.from(now.plus(lease)), Timestamp.from(now))
        .query(
            (row, number) ->
                new Removal(row.getString("clone_voice_id"), row.getLong("persona_id")))
        .optional();
  }

  void removed(String cloneVoiceId) {
    database.sql("delete from clone_removal where clone_voice_id = ?").param(cloneVoiceId).update();
  }

  void notRemoved(String cloneVoiceId, String problem, Instant now) {
    database
        .sql(
            """
            update clone_removal set problem = ?, next_attempt =
              cast(? as timestamptz)
                + least(interval '1 hour', interval '5 seconds' * power(2, attempts))
            where clone_voice_id = ?
            """)
        .params(problem, Timestamp.from(now), cloneVoiceId)
        .update();
  }

  long removalsOf(long personaId) {
    return database
        .sql("select count(*) from clone_removal where persona_id = ?")
        .param(personaId)
        .query(Long.class)
        .single();
  }

  boolean isClone(String voiceId) {
    return database
        .sql(
            """
            select exists (select from voice_sample where clone_voice_id = :voice)
                or exists (select from clone_removal where clone_voice_id = :voice)
            """)
        .param("voice", voiceId)
        .query(Boolean.class)
        .single();
  }

  private static CustomVoice row(ResultSet row, int number) throws SQLException {
    return new CustomVoice(
        row.getObject("id", UUID.class),
        row.getLong("persona_id"),
        row.getString("blob_key"),
        row.getString("media_type"),
        row.getInt("duration_ms"),
        row.getBoolean("consent"),
        row.getString("clone_voice_id"),
        row.getString("clone_problem"),
        row.getTimestamp("created_at").toInstant());
  }

  record Removal(String cloneVoiceId, long personaId) {}
}
