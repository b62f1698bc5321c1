package io.mybella.voice.clone;

import io.mybella.voice.elevenlabs.account.MadeClone;
import io.mybella.voice.sample.WithdrawnSample;
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

  /** Notes a clone whose sample or consent goes for removal. */
  void requestRemoval(WithdrawnSample sample, Instant now) {
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

  /** Notes that somebody is making a clone of a sample that goes, or whose consent does. */
  void noteMaking(WithdrawnSample sample) {
    database
        .sql(
            """
            insert into clone_in_making (sample_id, attempt, persona_id, owner_user_id, until)
            values (?, ?, ?, ?, ?)
            """)
        .params(
            sample.voice().id(),
            sample.attempt(),
            sample.voice().personaId(),
            sample.ownerUserId(),
            Timestamp.from(Objects.requireNonNull(sample.cloningUntil())))
        .update();
  }

  /** Notes a clone for removal that nobody wants by now, for its sample or the consent is gone. */
  void requestRemoval(String cloneVoiceId, ToClone of, Instant now) {
    database
        .sql(
            """
            with making as (
              delete from clone_in_making where sample_id = :sample and attempt = :attempt
              returning owner_user_id)
            insert into clone_removal
              (clone_voice_id, persona_id, owner_user_id, requested_at, next_attempt)
            values (
              :clone, :persona,
              coalesce(
                (select owner_user_id from making),
                (select owner_user_id from voice_sample where id = :sample)),
              :now, :now)
            on conflict do nothing
            """)
        .param("sample", of.sampleId())
        .param("attempt", of.attempt())
        .param("clone", cloneVoiceId)
        .param("persona", of.personaId())
        .param("now", Timestamp.from(now))
        .update();
  }

  /** Notes that no clone was made of a sample; tells of it when nobody wanted one by now. */
  Optional<CloneRemoved> endMaking(ToClone sample) {
    return database
        .sql(
            """
            delete from clone_in_making where sample_id = ? and attempt = ?
            returning persona_id, owner_user_id
            """)
        .params(sample.sampleId(), sample.attempt())
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
              where consent and clone_voice_id is null and not clone_resting
                and clone_next_attempt <= :now
              order by clone_next_attempt limit 1 for update skip locked)
            returning id, persona_id, blob_key, media_type, clone_attempts
            """)
        .param("until", Timestamp.from(now.plus(lease)))
        .param("now", Timestamp.from(now))
        .query(
            (row, number) ->
                new ToClone(
                    row.getObject("id", UUID.class),
                    row.getLong("persona_id"),
                    row.getString("blob_key"),
                    row.getString("media_type"),
                    row.getInt("clone_attempts")))
        .optional();
  }

  /** Notes the clone of a sample; false when it is gone, or nobody wants this clone any more. */
  boolean cloned(ToClone sample, MadeClone clone, Instant now) {
    return database
            .sql(
                """
                update voice_sample
                set clone_voice_id = ?, clone_unverified = ?, clone_used_at = ?,
                    clone_problem = null, clone_failures = 0, cloning_until = null
                where id = ? and clone_attempts = ? and consent and clone_voice_id is null
                """)
            .params(
                clone.voiceId(),
                clone.requiresVerification(),
                Timestamp.from(now),
                sample.sampleId(),
                sample.attempt())
            .update()
        == 1;
  }

  /**
   * Notes why there is no clone. The next attempt follows after 5 seconds, twice as long each time,
   * at most an hour.
   *
   * @param atLeast the shortest pause
   */
  void notCloned(ToClone sample, String problem, Instant now, Duration atLeast) {
    database
        .sql(
            """
            update voice_sample
            set clone_problem = :problem, cloning_until = null,
                clone_failures = clone_failures + 1,
                clone_next_attempt = cast(:now as timestamptz) + greatest(
                  make_interval(secs => :least),
                  least(interval '1 hour',
                        interval '10 seconds' * power(2, least(clone_failures, 10))))
            where id = :sample and clone_attempts = :attempt
            """)
        .param("problem", problem)
        .param("now", Timestamp.from(now))
        .param("least", atLeast.toSeconds())
        .param("sample", sample.sampleId())
        .param("attempt", sample.attempt())
        .update();
  }

  /** Has a sample cloned at once, for there is room now. */
  void cloneAgain(ToClone sample, Instant now) {
    database
        .sql(
            """
            update voice_sample set cloning_until = null, clone_next_attempt = ?
            where id = ? and clone_attempts = ?
            """)
        .params(Timestamp.from(now), sample.sampleId(), sample.attempt())
        .update();
  }

  /**
   * Has the clone that was not used for longest make room: it is noted for removal, its sample
   * rests. As long as another one waits to be removed there is room to come, and none rests.
   *
   * @param unusedSince clones that were used later stay
   * @return whether one goes
   */
  boolean makeRoom(Instant unusedSince, Instant now) {
    return database
            .sql(
                """
                with least_used as (
                  select id, persona_id, owner_user_id, clone_voice_id from voice_sample
                  where clone_voice_id is not null and clone_used_at < :since
                    and not exists (select from clone_removal)
                  order by clone_used_at limit 1 for update skip locked),
                rested as (
                  update voice_sample s
                  set clone_voice_id = null, clone_unverified = false, clone_resting = true
                  from least_used l where s.id = l.id)
                insert into clone_removal
                  (clone_voice_id, persona_id, owner_user_id, requested_at, next_attempt)
                select clone_voice_id, persona_id, owner_user_id, :now, :now from least_used
                on conflict do nothing
                """)
            .param("since", Timestamp.from(unusedSince))
            .param("now", Timestamp.from(now))
            .update()
        == 1;
  }

  /** Has a resting sample cloned. */
  void wake(UUID sampleId, Instant now) {
    database
        .sql(
            """
            update voice_sample set clone_resting = false, clone_next_attempt = ?
            where id = ? and clone_resting
            """)
        .params(Timestamp.from(now), sampleId)
        .update();
  }

  /** Notes that a clone is used. */
  void used(UUID sampleId, Instant now) {
    database
        .sql(
            """
            update voice_sample set clone_used_at = greatest(clone_used_at, :now) where id = :sample
            """)
        .param("now", Timestamp.from(now))
        .param("sample", sampleId)
        .update();
  }

  /** Notes that a clone has spoken, so that it is verified. */
  void verified(String cloneVoiceId) {
    database
        .sql("update voice_sample set clone_unverified = false where clone_voice_id = ?")
        .param(cloneVoiceId)
        .update();
  }

  /** Has a sample cloned anew whose clone is gone; the clone is removed in case it is not. */
  void lost(String cloneVoiceId, Instant now) {
    database
        .sql(
            """
            with gone as (
              update voice_sample
              set clone_voice_id = null, clone_unverified = false, clone_next_attempt = :now
              where clone_voice_id = :clone returning persona_id, owner_user_id)
            insert into clone_removal
              (clone_voice_id, persona_id, owner_user_id, requested_at, next_attempt)
            select :clone, persona_id, owner_user_id, :now, :now from gone
            on conflict do nothing
            """)
        .param("clone", cloneVoiceId)
        .param("now", Timestamp.from(now))
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
                + least(interval '1 hour', interval '5 seconds' * power(2, least(attempts, 10)))
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
  record ToClone(UUID sampleId, long personaId, String blobKey, String mediaType, int attempt) {}

  record Removal(String cloneVoiceId, CloneRemoved told) {}
}
