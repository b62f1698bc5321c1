package io.mybella.memory.work;

import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/**
 * The ledger of the work in the background. A piece of work stands in it once, however often it is
 * asked for; who asks again brings it forward. Times are those of the database, which all replicas
 * share.
 */
@Repository
public class WorkLedger {

  /**
   * A piece of work that a worker has taken.
   *
   * @param lease proves for a while that it is this worker's
   * @param requests how often it had been asked for
   * @param attempts the turns since it last went well, this one included
   */
  record Claim(long id, UUID lease, Subject subject, long requests, int attempts) {}

  private static final String ASK = "SELECT ask_for_work(:user_id, :persona_id, :kind, :due_at)";

  /** Who is at it is passed over, not waited for. */
  private static final String CLAIM =
      """
      UPDATE memory_work
      SET lease = :lease, next_at = now() + make_interval(secs => :seconds), attempts = attempts + 1
      WHERE id = (
        SELECT id FROM memory_work WHERE kind = :kind AND next_at <= now()
        ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, lease, user_id, persona_id, requests, attempts
      """;

  /** What was asked for meanwhile is done at once. */
  private static final String GIVE_BACK =
      """
      UPDATE memory_work
      SET lease = NULL, attempts = 0,
          due_at = CASE WHEN requests = :requests THEN COALESCE(:due_at, due_at)
            ELSE LEAST(due_at, now()) END,
          next_at = CASE WHEN requests = :requests THEN COALESCE(:due_at, now()) ELSE now() END
      WHERE id = :id AND lease = :lease
      """;

  private final PersonaScope scope;
  private final WorkBell bell;

  WorkLedger(PersonaScope scope, WorkBell bell) {
    this.scope = scope;
    this.bell = bell;
  }

  /** Asks for work about the pair that the transaction is bound to, to be done at once. */
  public void ask(PairQueries db, WorkKind kind) {
    ask(db.sql(ASK), kind, null);
  }

  /**
   * Asks for work about the pair that the transaction is bound to.
   *
   * @param dueAt when it is to be done, unless it is due earlier already
   */
  public void ask(PairQueries db, WorkKind kind, Instant dueAt) {
    ask(db.sql(ASK), kind, dueAt);
  }

  /** Asks for work about all users of a persona, to be done at once. */
  public void ask(Subject.OfPersona persona, WorkKind kind) {
    askForMany(null, persona.personaId(), kind);
  }

  /** Asks for work about all personas of a user, to be done at once. */
  public void ask(Subject.OfUser user, WorkKind kind) {
    askForMany(user.userId(), null, kind);
  }

  private void askForMany(@Nullable Long userId, @Nullable Long personaId, WorkKind kind) {
    scope.callWorking(
        db -> {
          ask(
              db.sql(ASK)
                  .param("user_id", userId, Types.BIGINT)
                  .param("persona_id", personaId, Types.BIGINT),
              kind,
              null);
          return true;
        });
  }

  private void ask(StatementSpec statement, WorkKind kind, @Nullable Instant dueAt) {
    statement
        .param("kind", kind.name())
        .param("due_at", time(dueAt), Types.TIMESTAMP_WITH_TIMEZONE)
        .query()
        .listOfRows();
    asked(kind);
  }

  /** Takes the fact that a function of the database has asked for work within the transaction. */
  public void asked(WorkKind kind) {
    bell.ringAfterCommit(kind);
  }

  /**
   * Takes the work that waits longest.
   *
   * @param leaseTime after which it is anybody's again
   */
  Optional<Claim> claim(WorkKind kind, UUID lease, Duration leaseTime) {
    return scope.callWorking(
        db ->
            db.sql(CLAIM)
                .param("kind", kind.name())
                .param("lease", lease)
                .param("seconds", seconds(leaseTime))
                .query((row, _) -> claim(row))
                .optional());
  }

  /** Takes the work off, unless it was asked for again meanwhile, or is another's by now. */
  void done(Claim claim) {
    scope.callWorking(
        db -> {
          int ended =
              of(
                      claim,
                      db,
                      """
                      DELETE FROM memory_work
                      WHERE id = :id AND lease = :lease AND requests = :requests
                      """)
                  .param("requests", claim.requests())
                  .update();
          return ended == 1 || giveBack(db, claim, null);
        });
  }

  /** Lets others have their turn before this goes on. */
  void unfinished(Claim claim) {
    scope.callWorking(db -> giveBack(db, claim, null));
  }

  /** Puts the work off, unless it was asked for again meanwhile. */
  void later(Claim claim, Instant dueAt) {
    scope.callWorking(db -> giveBack(db, claim, dueAt));
  }

  /** Lets the work rest after a failure. */
  void failed(Claim claim, Duration pause) {
    scope.callWorking(
        db ->
            of(
                    claim,
                    db,
                    """
                    UPDATE memory_work
                    SET lease = NULL, next_at = now() + make_interval(secs => :seconds)
                    WHERE id = :id AND lease = :lease
                    """)
                .param("seconds", seconds(pause))
                .update());
  }

  private static boolean giveBack(JdbcClient db, Claim claim, @Nullable Instant dueAt) {
    return of(claim, db, GIVE_BACK)
            .param("requests", claim.requests())
            .param("due_at", time(dueAt), Types.TIMESTAMP_WITH_TIMEZONE)
            .update()
        == 1;
  }

  private static StatementSpec of(Claim claim, JdbcClient db, String sql) {
    return db.sql(sql).param("id", claim.id()).param("lease", claim.lease());
  }

  /**
   * The number of pieces of work that are due, or being done.
   *
   * @param limit it is not counted further
   */
  long waiting(WorkKind kind, int limit) {
    return scope.callWorking(
        db ->
            db.sql(
                    """
                    SELECT count(*) FROM (
                      SELECT FROM memory_work WHERE kind = :kind AND due_at <= now() LIMIT :limit)
                    """)
                .param("kind", kind.name())
                .param("limit", limit)
                .query(Long.class)
                .single());
  }

  /** For how many seconds the oldest piece of work has been due; 0 when none is. */
  double oldestAge(WorkKind kind) {
    return scope.callWorking(
        db ->
            db.sql(
                    """
                    SELECT GREATEST(0, COALESCE(extract(epoch FROM now() - min(due_at)), 0))
                    FROM memory_work WHERE kind = :kind
                    """)
                .param("kind", kind.name())
                .query(Double.class)
                .single());
  }

  private static Claim claim(ResultSet row) throws SQLException {
    return new Claim(
        row.getLong("id"),
        row.getObject("lease", UUID.class),
        subject(row.getObject("user_id", Long.class), row.getObject("persona_id", Long.class)),
        row.getLong("requests"),
        row.getInt("attempts"));
  }

  private static Subject subject(@Nullable Long userId, @Nullable Long personaId) {
    if (userId != null && personaId != null) {
      return new Subject.OfPair(new PairId(userId, personaId));
    }
    if (userId != null) {
      return new Subject.OfUser(userId);
    }
    if (personaId != null) {
      return new Subject.OfPersona(personaId);
    }
    throw new IllegalStateException("Work about nobody");
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
