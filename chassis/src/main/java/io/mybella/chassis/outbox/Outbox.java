package io.mybella.chassis.outbox;

import io.mybella.chassis.id.IdGenerator;
import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a change leaves the events that tell of it. The rows commit with the change; the {@link
 * OutboxRelay} sends them afterwards, at least once and in the order of the rows of a key.
 *
 * <p>Two changes of one aggregate must be serialised by a lock on the aggregate's row that is taken
 * before the event is published here; then the order of rows is the order of commits.
 */
public final class Outbox {

  private final JdbcClient database;
  private final JsonMapper json;
  private final IdGenerator ids;
  private final Clock clock;
  private final String source;
  private final Runnable wakeRelay;

  Outbox(
      JdbcClient database,
      JsonMapper json,
      IdGenerator ids,
      Clock clock,
      String source,
      Runnable wakeRelay) {
    this.database = database;
    this.json = json;
    this.ids = ids;
    this.clock = clock;
    this.source = source;
    this.wakeRelay = wakeRelay;
  }

  /**
   * Adds an event to the transaction under way.
   *
   * @param topic where it goes
   * @param key decides the partition; events of one key keep their order
   * @param type the CloudEvents type
   * @param subject the CloudEvents subject
   * @param data a record that becomes the JSON data
   * @throws IllegalStateException when no transaction is active: an event without its change would
   *     be a lie
   */
  public void publish(String topic, String key, String type, String subject, Object data) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("An event can only be published in a transaction: " + type);
    }
    database
        .sql(
            """
            insert into outbox_event (id, topic, message_key, type, source, subject, occurred_at, data)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            ids.next(),
            topic,
            key,
            type,
            source,
            subject,
            Timestamp.from(clock.instant()),
            json.writeValueAsString(data))
        .update();
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wakeRelay.run();
          }
        });
  }
}
