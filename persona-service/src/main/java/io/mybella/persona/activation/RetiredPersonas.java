package io.mybella.persona.activation;

import io.mybella.persona.activation.Switched.Reason;
import io.mybella.persona.catalog.PersonaDirectory;
import io.mybella.persona.catalog.PersonaFact;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Built-in personas that were deleted while many users had them active. The request that deletes
 * only notes that; users are moved to the default persona in batches, by whichever instance looks,
 * and an instance that ends midway is followed by the next look. Reads answer the default persona
 * from the deletion on.
 */
@Component
class RetiredPersonas {

  private static final Logger log = LoggerFactory.getLogger(RetiredPersonas.class);

  /** Longer than any switch takes that began before the deletion. */
  private static final Duration STRAGGLERS = Duration.ofMinutes(10);

  /**
   * Row by row in the order of the primary key, which finds the next ones without an index on the
   * persona. A row that is locked is a user who is switching.
   */
  private static final String MOVE =
      """
      with affected as (
        select user_id from active_persona
        where persona_id = ? and user_id > ?
        order by user_id limit ? for update skip locked)
      update active_persona a
      set persona_id = ?, version = a.version + 1, switched_at = ?
      from affected where a.user_id = affected.user_id
      returning a.user_id, a.version
      """;

  private final JdbcTemplate jdbc;
  private final TransactionOperations transactions;
  private final ApplicationEventPublisher events;
  private final ActivationProperties settings;
  private final Clock clock;
  private final ReentrantLock moving = new ReentrantLock();

  RetiredPersonas(
      JdbcTemplate jdbc,
      TransactionOperations transactions,
      ApplicationEventPublisher events,
      ActivationProperties settings,
      Clock clock) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.events = events;
    this.settings = settings;
    this.clock = clock;
  }

  /** Notes, in the transaction of the deletion, that users are to be moved. */
  @EventListener
  void retire(PersonaFact.Removed removed) {
    if (removed.ownerUserId() != null) {
      return;
    }
    jdbc.update(
        "insert into retired_persona (persona_id, since) values (?, ?)",
        removed.personaId().value(),
        Timestamp.from(removed.removedAt()));
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            moveSoon();
          }
        });
  }

  /** On a thread of its own: others wait for that of scheduled work. */
  @Scheduled(
      fixedDelayString = "${mybella.persona.activation.look-every:10s}",
      initialDelayString = "${mybella.persona.activation.look-every:10s}")
  void moveSoon() {
    Thread.ofVirtual().name("retired-personas").start(this::moveAll);
  }

  private void moveAll() {
    if (!moving.tryLock()) {
      return;
    }
    try {
      jdbc.query(
              "select persona_id from retired_persona", (row, _) -> new PersonaId(row.getLong(1)))
          .forEach(this::move);
    } catch (RuntimeException e) {
      log.warn("Users of a deleted persona are moved at the next look", e);
    } finally {
      moving.unlock();
    }
  }

  private void move(PersonaId personaId) {
    boolean anybody = false;
    long lastUser = Long.MIN_VALUE;
    List<Switched> moved = batch(personaId, lastUser);
    while (!moved.isEmpty()) {
      anybody = true;
      lastUser = moved.stream().mapToLong(each -> each.userId().value()).max().orElseThrow();
      moved = batch(personaId, lastUser);
    }
    Instant now = clock.instant();
    if (anybody) {
      jdbc.update(
          "update retired_persona set since = ? where persona_id = ?",
          Timestamp.from(now),
          personaId.value());
    } else {
      forget(personaId, now.minus(STRAGGLERS));
    }
  }

  private List<Switched> batch(PersonaId personaId, long afterUser) {
    return Objects.requireNonNull(
        transactions.execute(
            _ -> {
              Instant now = clock.instant();
              List<Switched> moved =
                  jdbc.query(
                      MOVE,
                      (row, _) ->
                          new Switched(
                              new UserId(row.getLong(1)),
                              PersonaDirectory.DEFAULT_PERSONA_ID,
                              personaId,
                              Reason.PERSONA_DELETED,
                              row.getLong(2),
                              now),
                      personaId.value(),
                      afterUser,
                      settings.batch(),
                      PersonaDirectory.DEFAULT_PERSONA_ID.value(),
                      Timestamp.from(now));
              moved.forEach(events::publishEvent);
              return moved;
            }));
  }

  /** A user who is switching just now was passed over and keeps it on the list. */
  private void forget(PersonaId personaId, Instant before) {
    jdbc.update(
        """
        delete from retired_persona r
        where persona_id = ? and since < ?
          and not exists (select from active_persona a where a.persona_id = r.persona_id)
        """,
        personaId.value(),
        Timestamp.from(before));
  }
}
