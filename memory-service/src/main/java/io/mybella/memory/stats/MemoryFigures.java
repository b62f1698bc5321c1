package io.mybella.memory.stats;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.persona.Verdict;
import io.mybella.memory.stats.MemoryStats.Day;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Counts what is remembered. The whole history is read for it, once, by the database alone. */
@Service
public class MemoryFigures {

  /** Days that are told one by one, today included. */
  private static final int DAYS = 366;

  /** Histories that are counted at a time: a long one keeps a connection for a second. */
  private static final int AT_ONCE = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** A row for each role without a day, and one for each of the last days without a role. */
  private static final String COUNT =
      """
      SELECT usable, conversations, found.*
      FROM (
        SELECT %s AS usable,
          (SELECT count(*) FROM conversation
           WHERE user_id = :user_id AND persona_id = :persona_id) AS conversations) AS access
      LEFT JOIN LATERAL (
        WITH daily AS MATERIALIZED (
          SELECT (created_at AT TIME ZONE 'UTC')::date AS day, role, count(*) AS messages,
            COALESCE(sum(tokens), 0) AS tokens, sum(octet_length(content)) AS bytes,
            min(created_at) AS first_at, max(created_at) AS last_at
          FROM chat_message
          WHERE usable AND user_id = :user_id AND persona_id = :persona_id
          GROUP BY 1, 2)
        SELECT role, NULL::date AS day, sum(messages)::bigint AS messages,
          sum(tokens)::bigint AS tokens, sum(bytes)::bigint AS bytes,
          min(first_at) AS first_at, max(last_at) AS last_at
        FROM daily GROUP BY role
        UNION ALL
        SELECT NULL, day, sum(messages)::bigint, 0, 0, NULL, NULL
        FROM daily WHERE day > :today::date - %d AND day <= :today::date GROUP BY day) AS found ON true
      ORDER BY found.day
      """
          .formatted(Verdict.SQL, DAYS);

  private final PersonaScope scope;
  private final PersonaAccess access;
  private final Clock clock;
  private final Bulkhead places =
      Bulkhead.of(
          "figures",
          BulkheadConfig.custom().maxConcurrentCalls(AT_ONCE).maxWaitDuration(PATIENCE).build());

  MemoryFigures(PersonaScope scope, PersonaAccess access, Clock clock) {
    this.scope = scope;
    this.access = access;
    this.clock = clock;
  }

  /**
   * The figures of this moment.
   *
   * @throws Problem 404 when the user may not use the persona; 503 when other histories are being
   *     counted
   */
  public MemoryStats of(PairId pair) {
    if (!places.tryAcquirePermission()) {
      throw Problem.unavailable("Other histories are being counted; try again in a moment", SOON);
    }
    try {
      return access.checked(pair, () -> count(pair));
    } finally {
      places.onComplete();
    }
  }

  private Checked<MemoryStats> count(PairId pair) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return scope.call(
        pair, db -> db.sql(COUNT).param("today", today).query(MemoryFigures::figures));
  }

  private static Checked<MemoryStats> figures(ResultSet rows) throws SQLException {
    Verdict verdict = Verdict.UNKNOWN;
    long conversations = 0;
    var sums = new Sums();
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      conversations = rows.getLong("conversations");
      if (rows.getObject("messages") != null) {
        sums.take(rows);
      }
    }
    return new Checked<>(verdict, sums.stats(conversations));
  }

  /** What the rows add up to. */
  private static final class Sums {

    private final Map<String, Long> perRole = new LinkedHashMap<>();
    private final List<Day> perDay = new ArrayList<>();
    private long tokens;
    private long bytes;
    private @Nullable Instant first;
    private @Nullable Instant last;

    Sums() {
      for (Role role : Role.values()) {
        perRole.put(role.text(), 0L);
      }
    }

    void take(ResultSet row) throws SQLException {
      long messages = row.getLong("messages");
      String role = row.getString("role");
      if (role == null) {
        perDay.add(new Day(row.getObject("day", LocalDate.class), messages));
        return;
      }
      perRole.put(role, messages);
      tokens += row.getLong("tokens");
      bytes += row.getLong("bytes");
      Instant firstOfRole = row.getObject("first_at", OffsetDateTime.class).toInstant();
      Instant lastOfRole = row.getObject("last_at", OffsetDateTime.class).toInstant();
      first = first == null || firstOfRole.isBefore(first) ? firstOfRole : first;
      last = last == null || lastOfRole.isAfter(last) ? lastOfRole : last;
    }

    MemoryStats stats(long conversations) {
      long messages = perRole.values().stream().mapToLong(Long::longValue).sum();
      return new MemoryStats(
          messages, conversations, tokens, bytes, first, last, perRole, List.copyOf(perDay));
    }
  }
}
