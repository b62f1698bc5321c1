package io.mybella.chassis.outbox;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
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

  /**
   * The most bytes of an event's JSON. A broker takes records of 1 MiB unless told otherwise; the
   * rest is for key and headers, and for those that a dead letter has besides.
   */
  static final int LARGEST = 900_000;

  private final JdbcClient database;
  private final JsonMapper json;
  private final IdGenerator ids;
  private final Clock clock;
  private final String source;
  private final Consumer<String> wakeRelay;

  Outbox(
      JdbcClient database,
      JsonMapper json,
      IdGenerator ids,
      Clock clock,
      String source,
      Consumer<String> wakeRelay) {
    this.database = database;
    this.json = json;
    this.ids = ids;
    this.clock = clock;
    this.source = source;
    this.wakeRelay = wakeRelay;
  }

  /**
   * Adds an event to the transaction under way. It carries the trace of the request or event that
   * causes it.
   *
   * @param topic where it goes
   * @param key decides the partition; events of one key keep their order
   * @param type the CloudEvents type
   * @param subject the CloudEvents subject
   * @param data a record that becomes the JSON data
   * @throws IllegalStateException when no transaction is active: an event without its change would
   *     be a lie
   * @throws IllegalArgumentException when the JSON has more than 900,000 bytes
   */
  public void publish(String topic, String key, String type, String subject, Object data) {
    requireTransaction(type);
    database
        .sql(
            """
            insert into outbox_event
                (id, topic, message_key, type, source, subject, occurred_at, traceparent, data)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            ids.next(),
            topic,
            key,
            type,
            source,
            subject,
            Timestamp.from(clock.instant()),
            TraceParent.current().orElseGet(TraceParent::root).header(),
            json(type, data))
        .update();
    wakeRelayAfterCommit(topic);
  }

  /**
   * An event among many of one type.
   *
   * @param key decides the partition; events of one key keep their order
   * @param subject the CloudEvents subject
   * @param data a record that becomes the JSON data
   */
  public record Entry(String key, String subject, Object data) {}

  /**
   * Adds many events of one type to the transaction under way, in one statement and in their order.
   *
   * @param topic where they go
   * @param type the CloudEvents type
   * @throws IllegalStateException as {@link #publish} does
   * @throws IllegalArgumentException as {@link #publish} does
   */
  public void publishAll(String topic, String type, List<Entry> events) {
    requireTransaction(type);
    database
        .sql(
            """
            insert into outbox_event
                (id, topic, message_key, type, source, subject, occurred_at, traceparent, data)
            select each.id, ?, each.key, ?, ?, each.subject, ?, ?, each.data
            from unnest(?::uuid[], ?::text[], ?::text[], ?::text[])
              with ordinality as each (id, key, subject, data, place)
            order by each.place
            """)
        .param(topic)
        .param(type)
        .param(source)
        .param(Timestamp.from(clock.instant()))
        .param(TraceParent.current().orElseGet(TraceParent::root).header())
        .param(column(events, _ -> ids.next().toString()))
        .param(column(events, Entry::key))
        .param(column(events, Entry::subject))
        .param(column(events, event -> json(type, event.data())))
        .update();
    wakeRelayAfterCommit(topic);
  }

  /** Refused here, in the transaction of the change: later nobody could mend it. */
  private String json(String type, Object data) {
    String text = json.writeValueAsString(data);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LARGEST) {
      throw new IllegalArgumentException(
          "An event may have %d bytes of data, this %s has %d".formatted(LARGEST, type, bytes));
    }
    return text;
  }

  private static String[] column(List<Entry> events, Function<Entry, String> value) {
    return events.stream().map(value).toArray(String[]::new);
  }

  private static void requireTransaction(String type) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("An event can only be published in a transaction: " + type);
    }
  }

  private void wakeRelayAfterCommit(String topic) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wakeRelay.accept(topic);
          }
        });
  }
}
