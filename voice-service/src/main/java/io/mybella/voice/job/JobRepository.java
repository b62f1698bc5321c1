package io.mybella.voice.job;

import io.mybella.voice.persona.KnownPersona;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Rows of {@code speech_job} and {@code speech_job_piece}. When a job may be taken is told by the
 * database's clock, which all workers share.
 */
@Repository
class JobRepository {

  private static final String COLUMNS =
      """
      j.id, j.user_id, j.persona_id, j.state, j.characters, j.pieces, j.attempts, j.problem,
      j.voice_source, j.fallback, j.created_at, j.ended_at,
      (select count(*) from speech_job_piece p where p.job_id = j.id) as said,
      (select coalesce(sum(p.size_bytes), 0) from speech_job_piece p where p.job_id = j.id) as bytes
      """;

  /**
   * Users take turns: first whoever has the fewest jobs being spoken, then whoever waits longest
   * since theirs was taken. Who is being taken by another worker is passed over, not waited for.
   */
  private static final String CLAIM =
      """
      with taken as (
        update speech_job
        set state = 'running', lease = :lease, attempts = attempts + 1, taken_at = now(),
            due_at = now() + make_interval(secs => :seconds)
        where id = (
          select j.id from speech_job j
          where j.due_at <= now()
            and not exists (select from erased_account e where e.user_id = j.user_id)
          order by
            (select count(*) from speech_job r
             where r.user_id = j.user_id and r.lease is not null and r.due_at > now()),
            (select max(r.taken_at) from speech_job r where r.user_id = j.user_id) nulls first,
            j.created_at, j.id
          limit 1 for update of j skip locked)
        returning *)
      select t.*, k.owner_user_id, k.voice_id,
        (select count(*) from speech_job_piece p where p.job_id = t.id) as said
      from taken t join known_persona k using (persona_id)
      """;

  private final JdbcClient database;

  JobRepository(JdbcClient database) {
    this.database = database;
  }

  /** Has whoever else accepts a job of the user wait until the transaction ends. */
  void lockQueueOf(long userId) {
    database
        .sql("select pg_advisory_xact_lock(hashtextextended('speech jobs ' || ?, 0))")
        .param(userId)
        .query()
        .listOfRows();
  }

  int unfinishedOf(long userId) {
    return database
        .sql("select count(*) from speech_job where user_id = ? and due_at is not null")
        .param(userId)
        .query(Integer.class)
        .single();
  }

  /** Whether it was written: nothing is for an account that is gone. */
  boolean insert(SpeechJob job, String text) {
    return database
            .sql(
                """
                insert into speech_job
                  (id, user_id, persona_id, text, due_at, characters, state, pieces, created_at)
                values (?, ?, ?, ?, now(), ?, 'queued', ?, ?)
                """)
            .params(
                job.id(),
                job.userId(),
                job.personaId(),
                text,
                job.characters(),
                job.pieces(),
                Timestamp.from(job.createdAt()))
            .update()
        == 1;
  }

  Optional<SpeechJob> find(long userId, long personaId, UUID id) {
    return database
        .sql(
            "select "
                + COLUMNS
                + " from speech_job j where j.id = ? and j.user_id = ? and j.persona_id = ?")
        .params(id, userId, personaId)
        .query(JobRepository::job)
        .optional();
  }

  /** The user's jobs with a persona, newest first, up to so many. */
  List<SpeechJob> list(long userId, long personaId, int most) {
    return database
        .sql(
            "select "
                + COLUMNS
                + """
                from speech_job j where j.user_id = ? and j.persona_id = ?
                order by j.created_at desc, j.id desc limit ?
                """)
        .params(userId, personaId, most)
        .query(JobRepository::job)
        .list();
  }

  /** Where the pieces of a job's audio are, in their order. */
  List<StoredPiece> pieces(UUID id) {
    return database
        .sql("select blob_key, size_bytes from speech_job_piece where job_id = ? order by number")
        .param(id)
        .query((row, _) -> new StoredPiece(row.getString("blob_key"), row.getInt("size_bytes")))
        .list();
  }

  /** Takes the job whose turn it is. */
  Optional<Claim> claim(UUID lease, Duration leaseTime) {
    return database
        .sql(CLAIM)
        .param("lease", lease)
        .param("seconds", seconds(leaseTime))
        .query(JobRepository::claim)
        .optional();
  }

  /** Gives a sign of life; false when the job is another's by now, taken back or gone. */
  boolean renew(Claim claim, Duration leaseTime) {
    return database
            .sql(
                """
                update speech_job set due_at = now() + make_interval(secs => ?)
                where id = ? and lease = ?
                """)
            .params(seconds(leaseTime), claim.jobId(), claim.lease())
            .update()
        == 1;
  }

  /** Notes which voice speaks, with a sign of life; false as {@link #renew}. */
  boolean speaks(Claim claim, String source, @Nullable String fallback, Duration leaseTime) {
    return database
            .sql(
                """
                update speech_job
                set voice_source = ?, fallback = ?, due_at = now() + make_interval(secs => ?)
                where id = ? and lease = ?
                """)
            .param(source)
            .param(fallback)
            .param(seconds(leaseTime))
            .param(claim.jobId())
            .param(claim.lease())
            .update()
        == 1;
  }

  void addPiece(UUID id, int number, String key, int bytes) {
    database
        .sql(
            """
            insert into speech_job_piece (job_id, number, blob_key, size_bytes)
            values (?, ?, ?, ?)
            """)
        .params(id, number, key, bytes)
        .update();
  }

  /**
   * Removes what was said of a job.
   *
   * @return where it is in the blob store
   */
  List<String> removePieces(UUID id) {
    return database
        .sql("delete from speech_job_piece where job_id = ? returning blob_key")
        .param(id)
        .query(String.class)
        .list();
  }

  /** Ends a job; false when it is another's by now, taken back or gone. */
  boolean end(Claim claim, JobState state, @Nullable String problem, Instant at) {
    return database
            .sql(
                """
                update speech_job
                set state = ?, problem = ?, ended_at = ?, text = null, due_at = null, lease = null
                where id = ? and lease = ?
                """)
            .param(state.wireName())
            .param(problem)
            .param(Timestamp.from(at))
            .param(claim.jobId())
            .param(claim.lease())
            .update()
        == 1;
  }

  /** Gives a job back to the queue, to rest for a while. */
  void putBack(Claim claim, String problem, Duration pause) {
    database
        .sql(
            """
            update speech_job
            set state = 'queued', lease = null, problem = ?,
                due_at = now() + make_interval(secs => ?)
            where id = ? and lease = ?
            """)
        .params(problem, seconds(pause), claim.jobId(), claim.lease())
        .update();
  }

  /** Gives a job back of a worker that ends, as if it had not been taken. */
  void giveBack(Claim claim) {
    database
        .sql(
            """
            update speech_job
            set state = 'queued', lease = null, due_at = now(), attempts = attempts - 1
            where id = ? and lease = ?
            """)
        .params(claim.jobId(), claim.lease())
        .update();
  }

  /** Takes a job back that is not finished; false when it is. */
  boolean cancel(UUID id, Instant at) {
    return database
            .sql(
                """
                update speech_job
                set state = 'cancelled', ended_at = ?, text = null, due_at = null, lease = null
                where id = ? and due_at is not null
                """)
            .params(Timestamp.from(at), id)
            .update()
        == 1;
  }

  void delete(UUID id) {
    database.sql("delete from speech_job where id = ?").param(id).update();
  }

  /** Jobs that ended before, up to so many. */
  List<SpeechJob> endedBefore(Instant before, int most) {
    return database
        .sql(
            "select "
                + COLUMNS
                + " from speech_job j where j.ended_at < ? order by j.ended_at limit ?")
        .params(Timestamp.from(before), most)
        .query(JobRepository::job)
        .list();
  }

  /** A user's finished jobs but for the last ones, up to so many. */
  List<SpeechJob> endedBeyond(long userId, int kept, int most) {
    return database
        .sql(
            "select "
                + COLUMNS
                + """
                from speech_job j where j.user_id = ? and j.ended_at is not null
                order by j.ended_at desc offset ? limit ?
                """)
        .params(userId, kept, most)
        .query(JobRepository::job)
        .list();
  }

  /** Ids of the jobs of a persona, whoever asked for them. */
  List<UUID> idsOfPersona(long personaId) {
    return database
        .sql("select id from speech_job where persona_id = ?")
        .param(personaId)
        .query(UUID.class)
        .list();
  }

  List<UUID> idsOfUser(long userId) {
    return database
        .sql("select id from speech_job where user_id = ?")
        .param(userId)
        .query(UUID.class)
        .list();
  }

  int deleteOfPersona(long personaId) {
    return database.sql("delete from speech_job where persona_id = ?").param(personaId).update();
  }

  int deleteOfUser(long userId) {
    return database.sql("delete from speech_job where user_id = ?").param(userId).update();
  }

  /** How many jobs wait or are being spoken, counted up to so many. */
  long unfinished(JobState state, int limit) {
    return database
        .sql(
            """
            select count(*) from (
              select from speech_job where due_at is not null and state = ? limit ?) as counted
            """)
        .params(state.wireName(), limit)
        .query(Long.class)
        .single();
  }

  /** For how many seconds the job that waits longest has waited to be taken; 0 when none does. */
  double longestWait() {
    return database
        .sql(
            """
            select greatest(0, coalesce(extract(epoch from now() - min(due_at)), 0))
            from speech_job where state = 'queued' and due_at is not null
            """)
        .query(Double.class)
        .single();
  }

  private static SpeechJob job(ResultSet row, int number) throws SQLException {
    Timestamp ended = row.getTimestamp("ended_at");
    return new SpeechJob(
        row.getObject("id", UUID.class),
        row.getLong("user_id"),
        row.getLong("persona_id"),
        JobState.of(row.getString("state")),
        row.getInt("characters"),
        row.getInt("pieces"),
        row.getInt("said"),
        row.getLong("bytes"),
        row.getInt("attempts"),
        row.getString("problem"),
        row.getString("voice_source"),
        row.getString("fallback"),
        row.getTimestamp("created_at").toInstant(),
        ended == null ? null : ended.toInstant());
  }

  private static Claim claim(ResultSet row, int number) throws SQLException {
    return new Claim(
        row.getObject("id", UUID.class),
        row.getObject("lease", UUID.class),
        row.getLong("user_id"),
        new KnownPersona(
            row.getLong("persona_id"),
            row.getObject("owner_user_id", Long.class),
            row.getString("voice_id")),
        row.getString("text"),
        row.getInt("attempts"),
        row.getInt("said"),
        row.getString("voice_source"));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
