package io.mybella.voice.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code voice_sample}. */
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

  /** Deletes the voice of a persona. */
  Optional<RemovedSample> delete(long personaId) {
    return delete("persona_id", personaId).stream().findFirst();
  }

  /** Deletes the voices of all personas of a user. */
  List<RemovedSample> deleteAllOf(long ownerUserId) {
    return delete("owner_user_id", ownerUserId);
  }

  private List<RemovedSample> delete(String column, long id) {
    return database
        .sql(
            "delete from voice_sample where %s = ? returning %s, owner_user_id, cloning_until"
                .formatted(column, COLUMNS))
        .param(id)
        .query(
            (row, number) -> {
              Timestamp until = row.getTimestamp("cloning_until");
              return new RemovedSample(
                  row(row, number),
                  row.getLong("owner_user_id"),
                  until == null ? null : until.toInstant());
            })
        .list();
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
}
