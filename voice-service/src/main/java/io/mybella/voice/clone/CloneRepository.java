package io.mybella.voice.clone;

import io.mybella.voice.sample.RemovedSample;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Clones that are to be made, are being made, and are to be deleted. */
@Repository
class CloneRepository {

  private final JdbcClient database;

  CloneRepository(JdbcClient database) {
    this.database = database;
  }

  /** Notes a clone whose sample goes for removal. */
  void requestRemoval(RemovedSample sample, Instant now) {
    database
        .sql(
            """
            insert into clone_removal
              (clone_voice_id, persona_id, owner_user_id, requested_at, next_attempt)
            values (:clone, :persona, :owner, :now, :now)
            on conflict do nothing
            """)
        .param("clone", Objects.requireNonNull(sample.voice().cloneVoiceId()))
        .param("persona", sample.voice().personaId())
        .param("owner", sample.ownerUserId())
        .param("now", Timestamp.from(now))
        .update();
  }

  /** Notes that somebody is making a clone of a sample that goes. */
  void noteMaking(RemovedSample sample) {
    database
        .sql(
            """
            insert into clone_in_making (sample_id, persona_id, owner_user_id, until)
            values (?, ?, ?, ?)
            """)
        .params(
            sample.voice().id(),
            sample.voice().personaId(),
            sample.ownerUserId(),
            Timestamp.from(Objects.requireNonNull(sample.cloningUntil())))
        .update();
  }

  /** Notes a clone for removal that was made of a sample which is gone by now. */
  void requestRemoval(String cloneVoiceId, ToClone of, Instant now) {
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
        .param("sample", of.sampleId())
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
        .query(CloneRepository::removed)
        .optional();
  }

  /** Gives up the clones in the making whose lease has ended: who made them is gone. */
  List<CloneRemoved> endMakings(Instant now) {
    return database
        .sql("delete from clone_in_making where until < ? returning persona_id, owner_user_id")
        .param(Timestamp.from(now))
        .query(CloneRepository::removed)
        .list();
  }

  /** Takes a sample that is to be cloned; nobody else takes it before the lease ends. */
  Optional<ToClone> takeForCloning(Instant now, Duration lease) {
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
            returning id, persona_id, blob_key, media_type
            """)
        .param("until", Timestamp.from(now.plus(lease)))
        .param("now", Timestamp.from(now))
        .query(
            (row, number) ->
                new ToClone(
                    row.getObject("id", UUID.class),
                    row.getLong("persona_id"),
                    row.getString("blob_key"),
                    row.getString("media_type")))
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

  /** A sample to make a clone of. */
  record ToClone(UUID sampleId, long personaId, String blobKey, String mediaType) {}

  record Removal(String cloneVoiceId, CloneRemoved told) {}
}
