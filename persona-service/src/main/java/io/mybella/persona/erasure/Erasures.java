package io.mybella.persona.erasure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.erasure.ErasureLedger;
import io.mybella.persona.catalog.PersonaCatalog;
import io.mybella.persona.catalog.PersonaFact;
import io.mybella.persona.catalog.PersonaTable;
import io.mybella.persona.catalog.PersonasRemoved;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the erasure of deleted personas: one receipt is expected from every service that may hold
 * something of them.
 */
@Service
public class Erasures {

  /** How many erasures one look takes. */
  private static final int AT_ONCE = 1000;

  private static final String REMOVALS =
      """
      select e.id, e.requested_at, %s
      from erasure e join persona p on p.id = e.persona_id
      where e.id = any (?::uuid[])
      """
          .formatted(PersonaTable.REMOVAL);

  private final JdbcTemplate jdbc;
  private final ErasureLedger ledger;
  private final PersonaCatalog catalog;
  private final ErasureProperties settings;
  private final ApplicationEventPublisher events;

  Erasures(
      JdbcTemplate jdbc,
      PersonaCatalog catalog,
      ErasureProperties settings,
      ApplicationEventPublisher events,
      JsonMapper json,
      Clock clock,
      MeterRegistry meters) {
    this.jdbc = jdbc;
    this.ledger = new ErasureLedger(jdbc, json, clock);
    this.catalog = catalog;
    this.settings = settings;
    this.events = events;
    Gauge.builder("mybella.persona.erasures.overdue", () -> ledger.overdue(settings.overdueAfter()))
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
        removed.personaId().value(),
        removed.removedBy().value(),
        at,
        at);
    ledger.expect(List.of(removed.erasureId()), settings.services());
  }

  /** Opens the erasures of all personas of an account, in one statement for each table. */
  @EventListener
  void openAll(PersonasRemoved removed) {
    jdbc.update(
        """
        insert into erasure (id, persona_id, requested_by, requested_at, told_at)
        select * from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::timestamptz[])
        """,
        column(removed, each -> each.erasureId().toString()),
        column(removed, each -> each.personaId().toString()),
        column(removed, each -> each.removedBy().toString()),
        column(removed, each -> each.removedAt().toString()),
        column(removed, each -> each.removedAt().toString()));
    ledger.expect(
        removed.personas().stream().map(PersonaFact.Removed::erasureId).toList(),
        settings.services());
  }

  /**
   * Forgets who asked for erasures, because that account is gone, as part of the transaction under
   * way. They are followed to their end and then {@linkplain #forgetFinished forgotten}.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void disown(UserId userId) {
    jdbc.update(
        "update erasure set requested_by = ? where requested_by = ?",
        UserId.NOBODY.value(),
        userId.value());
  }

  /**
   * Forgets the erasures that are complete and that nobody can ask about any more, and to whom
   * their personas belonged.
   */
  @Scheduled(
      fixedDelayString = "${mybella.persona.erasure.look-every:10s}",
      initialDelayString = "${mybella.persona.erasure.look-every:10s}")
  @Transactional
  public void forgetFinished() {
    List<PersonaId> personas =
        jdbc.query(
            """
            with finished as (
              select e.id from erasure e
              where e.requested_by = ? and not exists (
                select from erasure_receipt r where r.erasure_id = e.id and r.received_at is null)
              limit ? for update skip locked),
            receipts as (
              delete from erasure_receipt where erasure_id in (select id from finished))
            delete from erasure where id in (select id from finished) returning persona_id
            """,
            (row, _) -> new PersonaId(row.getLong(1)),
            UserId.NOBODY.value(),
            AT_ONCE);
    if (!personas.isEmpty()) {
      catalog.disown(personas);
    }
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
   * How far an erasure has come.
   *
   * @throws ErasureNotFoundException when there is none of this id or somebody else asked for it
   */
  public PersonaErasure status(UserId userId, UUID erasureId) {
    return jdbc
        .queryForList(
            "select persona_id from erasure where id = ? and requested_by = ?",
            Long.class,
            erasureId,
            userId.value())
        .stream()
        .findFirst()
        .flatMap(
            personaId ->
                ledger.find(erasureId).map(status -> new PersonaErasure(personaId, status)))
        .orElseThrow(ErasureNotFoundException::new);
  }

  /** Tells of a deletion again while a receipt is missing. */
  @Scheduled(
      fixedDelayString = "${mybella.persona.erasure.look-every:10s}",
      initialDelayString = "${mybella.persona.erasure.look-every:10s}")
  @Transactional
  public void tellAgain() {
    List<UUID> due = ledger.dueAgain(settings.tellAgainAfter());
    if (due.isEmpty()) {
      return;
    }
    jdbc.query(
            REMOVALS,
            (row, _) ->
                PersonaFact.RemovalPending.of(
                    row, 3, row.getObject(1, UUID.class), row.getTimestamp(2).toInstant()),
            (Object) due.stream().map(UUID::toString).toArray(String[]::new))
        .forEach(events::publishEvent);
  }

  private static String[] column(
      PersonasRemoved removed, Function<PersonaFact.Removed, String> value) {
    return removed.personas().stream().map(value).toArray(String[]::new);
  }
}
