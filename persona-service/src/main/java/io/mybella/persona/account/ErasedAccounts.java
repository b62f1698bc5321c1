package io.mybella.persona.account;

import io.mybella.chassis.problem.Problem;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The permanent marks of erased accounts. The database itself refuses what would be made for one of
 * them: triggers of V3__erased_accounts.sql.
 */
@Repository
public class ErasedAccounts {

  /** The state with which the triggers refuse. */
  private static final String REFUSAL = "23MB1";

  private static final TypeReference<TreeMap<String, Long>> COUNTS = new TypeReference<>() {};

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  ErasedAccounts(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * Marks an account, unless it is marked. Waits for transactions that are making something for the
   * user; those that come later are refused.
   */
  public void bury(long userId, UUID erasureId, Instant now) {
    jdbc.query("select pg_advisory_xact_lock(account_lock(?))", row -> {}, userId);
    jdbc.update(
        """
        insert into erased_account (user_id, erasure_id, erased_at) values (?, ?, ?)
        on conflict do nothing
        """,
        userId,
        erasureId,
        Timestamp.from(now));
  }

  /** Says that a receipt is to be told once the user's pictures are gone. */
  public void awaitPictures(long userId, UUID erasureId) {
    jdbc.update("update erased_account set receipt_due = ? where user_id = ?", erasureId, userId);
  }

  /** Users whose receipts wait for their pictures. */
  public List<Long> awaitingPictures() {
    return jdbc.queryForList(
        "select user_id from erased_account where receipt_due is not null", Long.class);
  }

  /**
   * Claims a receipt that is due; empty when another instance was quicker.
   *
   * @return the erasure that it answers
   */
  public Optional<UUID> claimReceipt(long userId) {
    return jdbc
        .query(
            """
            update erased_account set receipt_due = null
            where user_id = ? and receipt_due is not null
            returning old.receipt_due
            """,
            (row, _) -> row.getObject(1, UUID.class),
            userId)
        .stream()
        .findFirst();
  }

  /**
   * Adds to what has been erased of a buried account.
   *
   * @return the sum, kind to number
   */
  public Map<String, Long> add(long userId, Map<String, Long> erased) {
    String before =
        jdbc.queryForObject(
            "select counts from erased_account where user_id = ? for update", String.class, userId);
    Map<String, Long> counts = json.readValue(before, COUNTS);
    erased.forEach((kind, number) -> counts.merge(kind, number, Long::sum));
    jdbc.update(
        "update erased_account set counts = ?::jsonb where user_id = ?",
        json.writeValueAsString(counts),
        userId);
    return counts;
  }

  /**
   * What the caller is told when something was not made.
   *
   * @return 401 when the account of its user is gone; otherwise the violation itself
   */
  public static RuntimeException problem(DataIntegrityViolationException violation) {
    return refused(violation) ? Problem.unauthorized("Sign in to continue") : violation;
  }

  /** Whether something was not made because the account of its user is gone. */
  public static boolean refused(DataIntegrityViolationException violation) {
    return violation.getMostSpecificCause() instanceof SQLException refusal
        && REFUSAL.equals(refusal.getSQLState());
  }
}
