package io.mybella.voice.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code voice_sample}. */
@Repository
class CustomVoiceRepository {

  private static final String COLUMNS =
      "id, persona_id, blob_key, media_type, duration_ms, consent, created_at, clone_voice_id,"
          + " clone_unverified, coalesce(cloning_until > now(), false) as in_making,"
          + " clone_resting, clone_problem, clone_used_at";

  private static final String WITHDRAWN =
      COLUMNS + ", owner_user_id, clone_attempts, cloning_until";

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

  /** Has other uploads of a user wait until the transaction under way ends. */
  void lockUploadsOf(long ownerUserId) {
    database
        .sql("select pg_advisory_xact_lock(hashtextextended('voice samples ' || ?, 0))")
        .param(ownerUserId)
        .query((row, number) -> true)
        .single();
  }

  /** What a user keeps, the sample of one persona apart. */
  Kept keptBy(long ownerUserId, long apartFromPersona) {
    return database
        .sql(
            """
            select count(*) as samples, coalesce(sum(size_bytes), 0) as bytes
            from voice_sample where owner_user_id = ? and persona_id <> ?
            """)
        .params(ownerUserId, apartFromPersona)
        .query((row, number) -> new Kept(row.getLong("samples"), row.getLong("bytes")))
        .single();
  }

  /** Allows to clone a sample from now on; one that may be cloned already stays as it is. */
  Optional<CustomVoice> allowCloning(long personaId, Instant now) {
    return database
        .sql(
            """
            update voice_sample
            set consent = true,
                clone_next_attempt = case when consent then clone_next_attempt else :now end
            where persona_id = :persona
            returning %s
            """
                .formatted(COLUMNS))
        .param("persona", personaId)
        .param("now", Timestamp.from(now))
        .query(CustomVoiceRepository::row)
        .optional();
  }

  /**
   * Forbids to clone a sample, and forgets its clone; empty when nobody had allowed it. An attempt
   * under way is not the last one any more, so its clone is not taken, also when consent returns.
   */
  Optional<WithdrawnSample> forbidCloning(long personaId) {
    Optional<WithdrawnSample> sample =
        database
            .sql(
                "select "
                    + WITHDRAWN
                    + " from voice_sample where persona_id = ? and consent for update")
            .param(personaId)
            .query(CustomVoiceRepository::withdrawn)
            .optional();
    sample.ifPresent(
        each ->
            database
                .sql(
                    """
                    update voice_sample
                    set consent = false, clone_voice_id = null, clone_unverified = false,
                        clone_attempts = clone_attempts + 1,
                        cloning_until = null, clone_resting = false, clone_problem = null,
                        clone_failures = 0, clone_used_at = null
                    where id = ?
                    """)
                .param(each.voice().id())
                .update());
    return sample;
  }

  /** Deletes the voice of a persona. */
  Optional<WithdrawnSample> delete(long personaId) {
    return delete("persona_id", personaId).stream().findFirst();
  }

  /** Deletes the voices of all personas of a user. */
  List<WithdrawnSample> deleteAllOf(long ownerUserId) {
    return delete("owner_user_id", ownerUserId);
  }

  private List<WithdrawnSample> delete(String column, long id) {
    return database
        .sql("delete from voice_sample where %s = ? returning %s".formatted(column, WITHDRAWN))
        .param(id)
        .query(CustomVoiceRepository::withdrawn)
        .list();
  }

  private static WithdrawnSample withdrawn(ResultSet row, int number) throws SQLException {
    return new WithdrawnSample(
        row(row, number),
        row.getLong("owner_user_id"),
        row.getInt("clone_attempts"),
        instant(row, "cloning_until"));
  }

  private static CustomVoice row(ResultSet row, int number) throws SQLException {
    return new CustomVoice(
        row.getObject("id", UUID.class),
        row.getLong("persona_id"),
        row.getString("blob_key"),
        row.getString("media_type"),
        row.getInt("duration_ms"),
        row.getBoolean("consent"),
        new CustomVoice.CloneState(
            row.getString("clone_voice_id"),
            row.getBoolean("clone_unverified"),
            row.getBoolean("in_making"),
            row.getBoolean("clone_resting"),
            row.getString("clone_problem"),
            instant(row, "clone_used_at")),
        row.getTimestamp("created_at").toInstant());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  /** What a user keeps. */
  record Kept(long samples, long bytes) {}
}
