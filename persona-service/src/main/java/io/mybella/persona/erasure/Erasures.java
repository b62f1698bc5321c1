package io.mybella.persona.erasure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.problem.Problem;
import io.mybella.persona.catalog.PersonaFact;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the erasure of deleted personas: one receipt is expected from every service that may hold
 * something of them. An erasure is complete when none is missing; that is computed and not stored,
 * so two receipts that arrive at the same moment cannot miss each other.
 */
@Service
public class Erasures {

  private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

  private final JdbcTemplate jdbc;
  private final ErasureProperties settings;
  private final ApplicationEventPublisher events;
  private final JsonMapper json;
  private final Clock clock;

  Erasures(
      JdbcTemplate jdbc,
      ErasureProperties settings,
      ApplicationEventPublisher events,
      JsonMapper json,
      Clock clock,
      MeterRegistry meters) {
    this.jdbc = jdbc;
    this.settings = settings;
    this.events = events;
    this.json = json;
    this.clock = clock;
    Gauge.builder("mybella.persona.erasures.overdue", this, Erasures::overdue)
        .description("Erasures that wait for a receipt longer than they should")
        .register(meters);
  }

  /** Opens the erasure in the transaction of the deletion. */
  @EventListener
  void open(PersonaFact.Removed removed) {
    Timestamp at = Timestamp.from(removed.removedAt());
    jdbc.update(
        """
        insert into erasure (id, persona_id, requested_by, requested_at, told_at)
        values (?, ?, ?, ?, ?)
        """,
        removed.erasureId(),
        removed.personaId(),
        removed.removedBy(),
        at,
        at);
    for (String service : settings.services()) {
      jdbc.update(
          "insert into erasure_receipt (erasure_id, service) values (?, ?)",
          removed.erasureId(),
          service);
    }
  }

  /**
   * Records a receipt. The first one of a service counts; one that nobody waits for is let go.
   *
   * @param counts what the service erased, kind to number
   */
  @Transactional
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

  /**
   * How far an erasure has come.
   *
   * @throws Problem 404 when there is none of this id or somebody else asked for it
   */
  public ErasureStatus status(long userId, UUID erasureId) {
    List<Row> rows =
        jdbc.query(
            """
            select e.persona_id, e.requested_at, r.service, r.received_at, r.counts
            from erasure e join erasure_receipt r on r.erasure_id = e.id
            where e.id = ? and e.requested_by = ?
            order by r.service
            """,
            (row, number) -> row(row),
            erasureId,
            userId);
    if (rows.isEmpty()) {
      throw Problem.notFound("Erasure not found");
    }
    List<ErasureStatus.Receipt> receipts = rows.stream().map(Row::receipt).toList();
    Instant last = Instant.MIN;
    for (ErasureStatus.Receipt receipt : receipts) {
      Instant at = receipt.receivedAt();
      last = at == null ? Instant.MAX : at.isAfter(last) ? at : last;
    }
    return new ErasureStatus(
        rows.getFirst().personaId(),
        rows.getFirst().requestedAt(),
        last.equals(Instant.MAX) ? null : last,
        receipts);
  }

  /**
   * Tells of a deletion again while a receipt is missing. Two instances that look at the same time
   * take different ones.
   */
  @Scheduled(
      fixedDelayString = "${mybella.persona.erasure.look-every:10s}",
      initialDelayString = "${mybella.persona.erasure.look-every:10s}")
  @Transactional
  public void tellAgain() {
    Instant now = clock.instant();
    jdbc.query(
            """
            update erasure set told_at = ?
            from persona p
            where p.id = erasure.persona_id and erasure.id in (
              select e.id from erasure e
              where e.told_at < ? and exists (
                select from erasure_receipt r where r.erasure_id = e.id and r.received_at is null)
              order by e.told_at limit 100 for update skip locked)
            returning p.id, p.owner_user_id, erasure.id, p.version, erasure.requested_at
            """,
            (row, number) ->
                new PersonaFact.RemovalPending(
                    row.getLong(1),
                    row.getObject(2, Long.class),
                    row.getObject(3, UUID.class),
                    row.getLong(4),
                    row.getTimestamp(5).toInstant()),
            Timestamp.from(now),
            Timestamp.from(now.minus(settings.tellAgainAfter())))
        .forEach(events::publishEvent);
  }

  private double overdue() {
    Long count =
        jdbc.queryForObject(
            """
            select count(*) from erasure e
            where e.requested_at < ? and exists (
              select from erasure_receipt r where r.erasure_id = e.id and r.received_at is null)
            """,
            Long.class,
            Timestamp.from(clock.instant().minus(settings.overdueAfter())));
    return count == null ? 0 : count;
  }

  private Row row(ResultSet row) throws SQLException {
    @Nullable Timestamp receivedAt = row.getTimestamp(4);
    @Nullable String counts = row.getString(5);
    return new Row(
        row.getLong(1),
        row.getTimestamp(2).toInstant(),
        new ErasureStatus.Receipt(
            row.getString(3),
            receivedAt == null ? null : receivedAt.toInstant(),
            counts == null ? Map.of() : json.readValue(counts, COUNTS)));
  }

  private record Row(long personaId, Instant requestedAt, ErasureStatus.Receipt receipt) {}
}
