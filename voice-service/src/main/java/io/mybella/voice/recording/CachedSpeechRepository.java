package io.mybella.voice.recording;

import io.mybella.voice.audio.SpeechFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code cached_speech}. */
@Repository
class CachedSpeechRepository {

  private static final int AT_ONCE = 500;

  private final JdbcClient database;

  CachedSpeechRepository(JdbcClient database) {
    this.database = database;
  }

  /** Where a speech is kept; it counts as used from now on. */
  Optional<Cached> use(SpeechKey key, Instant now) {
    return database
        .sql("update cached_speech set used_at = ? where key = ? returning id, blob_key")
        .params(Timestamp.from(now), key.digest())
        .query((row, _) -> new Cached(row.getObject("id", UUID.class), row.getString("blob_key")))
        .optional();
  }

  /** The key of a speech that a user has had spoken by a persona. */
  Optional<SpeechKey> find(UUID id, long userId, long personaId) {
    return database
        .sql(
            """
            select user_id, persona_id, source, format, key from cached_speech
            where id = ? and user_id = ? and persona_id = ?
            """)
        .params(id, userId, personaId)
        .query(CachedSpeechRepository::key)
        .optional();
  }

  /**
   * Notes a speech, unless there is one, or the persona or the account is gone.
   *
   * @return whether it was noted
   */
  boolean insert(UUID id, SpeechKey key, String blobKey, int sizeBytes, Instant now) {
    return database
            .sql(
                """
                insert into cached_speech
                  (key, id, user_id, persona_id, source, format, blob_key, size_bytes, used_at)
                values (?, ?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?)
                on conflict do nothing
                """)
            .params(
                key.digest(),
                id,
                key.userId(),
                key.personaId(),
                key.source(),
                key.format().name().toLowerCase(Locale.ROOT),
                blobKey,
                sizeBytes,
                Timestamp.from(now))
            .update()
        == 1;
  }

  void delete(Cached cached) {
    database.sql("delete from cached_speech where id = ?").param(cached.id()).update();
  }

  /**
   * Deletes what was not used for long, and of the rest what is too much, as far as one turn goes.
   */
  List<String> evict(Instant before, long mostBytes) {
    return database
        .sql(
            """
            with ranked as (
              select key, used_at, sum(size_bytes) over (order by used_at desc, key) as bytes
              from cached_speech),
            too_much as (
              select key from ranked where used_at < :before or bytes > :most
              order by used_at limit :at_once)
            delete from cached_speech where key in (select key from too_much) returning blob_key
            """)
        .param("before", Timestamp.from(before))
        .param("most", mostBytes)
        .param("at_once", AT_ONCE)
        .query(String.class)
        .list();
  }

  List<String> filesOfPersona(long personaId) {
    return database
        .sql("select blob_key from cached_speech where persona_id = ?")
        .param(personaId)
        .query(String.class)
        .list();
  }

  /** Deletes what a persona said; returns the digests. */
  List<String> deleteOfPersona(long personaId) {
    return database
        .sql("delete from cached_speech where persona_id = ? returning key")
        .param(personaId)
        .query(String.class)
        .list();
  }

  /** Deletes what was said to a user; returns the digests. */
  List<String> deleteOfUser(long userId) {
    return database
        .sql("delete from cached_speech where user_id = ? returning key")
        .param(userId)
        .query(String.class)
        .list();
  }

  private static SpeechKey key(ResultSet row, int number) throws SQLException {
    return new SpeechKey(
        row.getLong("user_id"),
        row.getLong("persona_id"),
        row.getString("source"),
        SpeechFormat.valueOf(row.getString("format").toUpperCase(Locale.ROOT)),
        row.getString("key"));
  }

  /**
   * A speech in the blob store.
   *
   * @param id what it is known by
   * @param blobKey where it is
   */
  record Cached(UUID id, String blobKey) {}
}
