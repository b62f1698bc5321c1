package io.mybella.chassis.erasure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Receipts of the services that must erase what they hold of something deleted. An erasure is
 * complete when none is missing; that is computed and not stored, so two receipts that arrive at
 * the same moment cannot miss each other.
 *
 * <p>The service that deletes keeps two tables: {@code erasure} with {@code id}, {@code
 * requested_at}, {@code told_at} and whatever it needs to know of the deleted thing, and {@code
 * erasure_receipt} with {@code erasure_id}, {@code service}, {@code received_at} and {@code counts}
 * (jsonb). It inserts into the first itself, in the transaction of the deletion.
 */
public final class ErasureLedger {

  private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

  /** Erasures told again in one transaction. */
  private static final int BATCH = 100;

  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private final Clock clock;

  /** A ledger in the service's own database. */
  public ErasureLedger(JdbcTemplate jdbc, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /** Expects a receipt of each service for each erasure; in the transaction of the deletion. */
  public void expect(List<UUID> erasureIds, List<String> services) {
    jdbc.update(
        """
        insert into erasure_receipt (erasure_id, service)
        select each.erasure_id, expected.service
        from unnest(?::uuid[]) as each (erasure_id), unnest(?::text[]) as expected (service)
        """,
        erasureIds.stream().map(UUID::toString).toArray(String[]::new),
        services.toArray(String[]::new));
  }

  /**
   * Records a receipt. The first one of a service counts; one that nobody waits for is let go.
   *
   * @param counts what the service erased, kind to number
   */
  public void record(UUID erasureId, String service, Map<String, Long> counts) {
    jdbc.update(
        """
        update erasure_receipt set received_at = ?, counts = ?::jsonb
        where erasure_id = ? and service = ? and received_at is null
        """,
        Timestamp.from(clock.instant()),
        json.writeValueAsString(counts),
        erasureId,
        service);
  }

  /** How far an erasure has come; empty when there is none of this id. */
  public Optional<ErasureStatus> find(UUID erasureId) {
    List<Row> rows =
        jdbc.query(
            """
            select e.requested_at, r.service, r.received_at, r.counts
            from erasure e join erasure_receipt r on r.erasure_id = e.id
            where e.id = ? order by r.service
            """,
            (row, _) -> row(row),
            erasureId);
    return rows.stream()
        .findFirst()
        .map(
            first ->
                ErasureStatus.of(first.requestedAt(), rows.stream().map(Row::receipt).toList()));
  }

  /**
   * Erasures that miss a receipt and were last told of so long ago; from now on they count as told
   * of again. Two instances that ask at the same time get different ones. Needs a transaction, in
   * which they are told.
   */
  public List<UUID> dueAgain(Duration after) {
    Instant now = clock.instant();
    return jdbc.query(
        """
        update erasure set told_at = ?
        where id in (
          select e.id from erasure e
          where e.told_at < ? and exists (
            select from erasure_receipt r where r.erasure_id = e.id and r.received_at is null)
          order by e.told_at limit ? for update skip locked)
        returning id
        """,
        (row, _) -> row.getObject(1, UUID.class),
        Timestamp.from(now),
        Timestamp.from(now.minus(after)),
        BATCH);
  }

  /** How many erasures of this age still miss a receipt. */
  public long overdue(Duration age) {
    Long count =
        jdbc.queryForObject(
            """
            select count(*) from erasure e
            where e.requested_at < ? and exists (
              select from erasure_receipt r where r.erasure_id = e.id and r.received_at is null)
            """,
            Long.class,
            Timestamp.from(clock.instant().minus(age)));
    return count == null ? 0 : count;
  }

  private Row row(ResultSet row) throws SQLException {
    @Nullable Timestamp receivedAt = row.getTimestamp(3);
    @Nullable String counts = row.getString(4);
    return new Row(
        row.getTimestamp(1).toInstant(),
        new ErasureStatus.Receipt(
            row.getString(2),
            receivedAt == null ? null : receivedAt.toInstant(),
            counts == null ? Map.of() : json.readValue(counts, COUNTS)));
  }

  private record Row(Instant requestedAt, ErasureStatus.Receipt receipt) {}
}
