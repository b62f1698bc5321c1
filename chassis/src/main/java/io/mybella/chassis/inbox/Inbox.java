package io.mybella.chassis.inbox;

import io.mybella.chassis.event.IncomingEvent;
import java.sql.Timestamp;
import java.time.Clock;
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
}
