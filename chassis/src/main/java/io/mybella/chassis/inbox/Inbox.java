package io.mybella.chassis.inbox;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.event.Received;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes consumers idempotent: an event's effect and the row that remembers it commit in one
 * transaction, so a redelivered event has no second effect.
 */
public final class Inbox {

  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final Clock clock;

  Inbox(JdbcClient database, TransactionTemplate transactions, Clock clock) {
    this.database = database;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Runs the effect of an event unless this consumer has handled it before.
   *
   * @param consumer a stable name for this effect within the service
   * @param event as received
   * @param effect database changes and published events; runs in the inbox's transaction
   * @return whether the effect ran
   */
  public boolean once(String consumer, IncomingEvent event, Runnable effect) {
    Boolean ran =
        transactions.execute(
            _ -> {
              int noted =
                  database
                      .sql(
                          """
                          insert into inbox_event (consumer, event_id, received_at)
                          values (?, ?, ?) on conflict do nothing
                          """)
                      .params(consumer, event.id(), Timestamp.from(clock.instant()))
                      .update();
              if (noted == 1) {
                effect.run();
              }
              return noted == 1;
            });
    return Boolean.TRUE.equals(ran);
  }

  /**
   * Runs the effect of those events of a batch that this consumer has not handled before, all in
   * one transaction.
   *
   * @param consumer a stable name for this effect within the service
   * @param events as received; one may be there twice
   * @param effect takes the data of at least one event, each once, in their order; as for {@link
   *     #once}
   */
  public <T> void onceEach(String consumer, List<Received<T>> events, Consumer<List<T>> effect) {
    transactions.executeWithoutResult(
        _ -> {
          Set<UUID> news = note(consumer, events);
          List<T> data =
              events.stream()
                  .filter(each -> news.remove(each.event().id()))
                  .map(Received::data)
                  .toList();
          if (!data.isEmpty()) {
            effect.accept(data);
          }
        });
  }

  /**
   * Returns those that are new. They are noted in the order of their ids: when a partition changes
   * hands its old and its new consumer may have the same events, in batches that begin elsewhere.
   */
  private Set<UUID> note(String consumer, List<? extends Received<?>> events) {
    return new HashSet<>(
        database
            .sql(
                """
                insert into inbox_event (consumer, event_id, received_at)
                select ?, id, ? from unnest(?::uuid[]) as batch (id) order by id
                on conflict do nothing returning event_id
                """)
            .params(
                consumer,
                Timestamp.from(clock.instant()),
                events.stream().map(each -> each.event().id().toString()).toArray(String[]::new))
            .query(UUID.class)
            .list());
  }
}
