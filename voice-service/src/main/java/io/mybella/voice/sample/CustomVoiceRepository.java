package io.mybella.voice.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    return delete("persona_id", personaId, now).stream().findFirst();
  }

  /** Deletes the voices of all personas of a user, as {@link #delete} does. */
  List<CustomVoice> deleteAllOf(long ownerUserId, Instant now) {
    return delete("owner_user_id", ownerUserId, now);
  }

  private List<CustomVoice> delete(String column, long id, Instant now) {
    return database
        .sql(
            """
            with gone as (delete from voice_sample where %s = :id returning *),
            removals as (
              insert into clone_removal
                (clone_voice_id, persona_id, owner_user_id, requested_at, next_attempt)
              select clone_voice_id, persona_id, owner_user_id,
                cast(:now as timestamptz), cast(:now as timestamptz)
              from gone
              where clone_voice_id is not null
              on conflict do nothing),
            makings as (
              insert into clone_in_making (sample_id, persona_id, owner_user_id, until)
              select id, persona_id, owner_user_id, cloning_until from gone
              where clone_voice_id is null and cloning_until > :now)
            select %s from gone
            """
                .formatted(column, COLUMNS))
        .param("id", id)
        .param("now", Timestamp.from(now))
        .query(CustomVoiceRepository::row)
        .list();
  }

  /** Notes a clone for removal that was made of a sample which is gone by now. */
  void requestRemoval(String cloneVoiceId, CustomVoice of, Instant now) {
    database
        .sql(
            """
            with making as (
              delete from clone_in_making where sample_id = :sample returning owner_user_id)
            insert into clone_removal
              (clone_voice_id, persona_id, owner_user_id, requested_at, next_attempt)
            values (:clone, :persona, (select owner_user_id from making), :now, :now)
            on conflict do nothing
            """)
        .param("sample", of.id())
        .param("clone", cloneVoiceId)
        .param("persona", of.personaId())
        .param("now", Timestamp.from(now))
        .update();
  }

  /** Notes that no clone was made of a sample; tells of it when the sample is gone by now. */
  Optional<CloneRemoved> endMaking(UUID sampleId) {
    return database
        .sql(
            """
            delete from clone_in_making where sample_id = ? returning persona_id, owner_user_id
            """)
        .param(sampleId)
        .query(CustomVoiceRepository::removed)
        .optional();
  }

  /** Gives up the clones in the making whose lease has ended: who made them is gone. */
  List<CloneRemoved> endMakings(Instant now) {
    return database
        .sql("delete from clone_in_making where until < ? returning persona_id, owner_user_id")
        .param(Timestamp.from(now))
        .query(CustomVoiceRepository::removed)
        .list();
  }

  /** Takes a sample that is to be cloned; nobody else takes it before the lease ends. */
  Optional<CustomVoice> takeForCloning(Instant now, Duration lease) {
    return database
        .sql(
            """
            update voice_sample
            set clone_next_attempt = :until, cloning_until = :until,
                clone_attempts = clone_attempts + 1
            where id = (
              select id from voice_sample
              where consent and clone_voice_id is null and clone_next_attempt <= :now
              order by clone_next_attempt limit 1 for update skip locked)
            returning %s
            """
                .formatted(COLUMNS))
        .param("until", Timestamp.from(now.plus(lease)))
        .param("now", Timestamp.from(now))
        .query(CustomVoiceRepository::row)
        .optional();
  }

  boolean cloned(UUID id, String cloneVoiceId) {
    return database
            .sql(
                """
                update voice_sample
                set clone_voice_id = ?, clone_problem = null, cloning_until = null
                where id = ?
                """)
            .params(cloneVoiceId, id)
            .update()
        == 1;
  }

  void notCloned(UUID id, String problem, Instant now) {
    database
        .sql(
            """
            update voice_sample set clone_problem = ?, cloning_until = null, clone_next_attempt =
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
            returning clone_voice_id, persona_id, owner_user_id
            """)
        .params(Timestamp.from(now.plus(lease)), Timestamp.from(now))
        .query((row, number) -> new Removal(row.getString("clone_voice_id"), removed(row, number)))
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

  long unfinishedClonesOfPersona(long personaId) {
    return unfinishedClones("where persona_id = ?", personaId);
  }

  long unfinishedClonesOf(long ownerUserId) {
    return unfinishedClones("where owner_user_id = ?", ownerUserId);
  }

  /** All of them, whoever they were of. */
  long unfinishedClones() {
    return unfinishedClones("");
  }

  private long unfinishedClones(String which, Object... of) {
    return database
        .sql("select count(*) from unfinished_clone " + which)
        .params(of)
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

  private static CloneRemoved removed(ResultSet row, int number) throws SQLException {
    return new CloneRemoved(row.getLong("persona_id"), row.getObject("owner_user_id", Long.class));
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

  record Removal(String cloneVoiceId, CloneRemoved told) {}
}
