package io.mybella.gateway.identity.erasure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.erasure.ErasureLedger;
import io.mybella.chassis.erasure.ErasureStatus;
import io.mybella.chassis.problem.Problem;
import io.mybella.gateway.identity.account.AccountFact;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Follows the erasure of deleted accounts: every service that keeps something of users answers. */
@Service
public class Erasures {

  private final JdbcTemplate jdbc;
  private final ErasureLedger ledger;
  private final ErasureProperties settings;
  private final ApplicationEventPublisher events;

  Erasures(
      JdbcTemplate jdbc,
      ErasureProperties settings,
      ApplicationEventPublisher events,
      JsonMapper json,
      Clock clock,
      MeterRegistry meters) {
    this.jdbc = jdbc;
    this.ledger = new ErasureLedger(jdbc, json, clock);
    this.settings = settings;
    this.events = events;
    Gauge.builder("mybella.gateway.erasures.overdue", () -> ledger.overdue(settings.overdueAfter()))
        .description("Erasures of accounts that wait for a receipt longer than they should")
        .register(meters);
  }

  /** Opens the erasure in the transaction of the deletion. */
  @EventListener
  void open(AccountFact.Deleted deleted) {
    Timestamp at = Timestamp.from(deleted.deletedAt());
    jdbc.update(
        "insert into erasure (id, user_id, requested_at, told_at) values (?, ?, ?, ?)",
        deleted.erasureId(),
        deleted.accountId(),
        at,
        at);
    ledger.expect(List.of(deleted.erasureId()), settings.services());
  }

  /**
   * Records a receipt. The first one of a service counts; one that nobody waits for is let go.
   *
   * @param counts what the service erased, kind to number
   */
  @Transactional
  public void record(UUID erasureId, String service, Map<String, Long> counts) {
    ledger.record(erasureId, service, counts);
  }

  /**
   * How far an erasure has come. Nobody is asked who they are: the account is gone.
   *
   * @throws Problem 404 when there is none of this id
   */
  public ErasureStatus status(UUID erasureId) {
    return ledger.find(erasureId).orElseThrow(() -> Problem.notFound("Erasure not found"));
  }

  /** Tells of a deletion again while a receipt is missing. */
  @Scheduled(
      fixedDelayString = "${mybella.gateway.erasure.look-every:10s}",
      initialDelayString = "${mybella.gateway.erasure.look-every:10s}")
  @Transactional
  public void tellAgain() {
    List<UUID> due = ledger.dueAgain(settings.tellAgainAfter());
    if (due.isEmpty()) {
      return;
    }
    jdbc.query(
            "select user_id, id, requested_at from erasure where id = any (?::uuid[])",
            (row, _) ->
                new AccountFact.DeletionPending(
                    row.getLong(1), row.getObject(2, UUID.class), row.getTimestamp(3).toInstant()),
            (Object) due.stream().map(UUID::toString).toArray(String[]::new))
        .forEach(events::publishEvent);
  }
}
