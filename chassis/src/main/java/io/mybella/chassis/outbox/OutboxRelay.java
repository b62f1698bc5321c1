package io.mybella.chassis.outbox;

import io.mybella.chassis.event.TopicsCreated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends committed events to Kafka: in order per key, a batch at a time, and removes a row only
 * after the broker acknowledged it.
 *
 * <p>Of all instances of a service one sends at a time: a round holds a transaction-scoped advisory
 * lock, which PostgreSQL releases when the round or the process ends. A commit in this process
 * wakes the relay at once; polling finds what other, ended processes left.
 */
final class OutboxRelay implements SmartLifecycle, ApplicationListener<TopicsCreated> {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

  /** An arbitrary constant that names the relay among the advisory locks of a database. */
  private static final long RELAY_LOCK = 0x6d62_6f75_7462_6f78L;

  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final KafkaTemplate<String, byte[]> kafka;
  private final OutboxProperties properties;
  private final OutboxMetrics metrics;
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean running;
  private volatile boolean topicsAreThere;
  private @Nullable Thread thread;

  OutboxRelay(
      JdbcClient database,
      TransactionTemplate transactions,
      KafkaTemplate<String, byte[]> kafka,
      OutboxProperties properties,
      OutboxMetrics metrics) {
    this.database = database;
    this.transactions = transactions;
    this.kafka = kafka;
    this.properties = properties;
    this.metrics = metrics;
  }

  /** Has the relay look for rows now. Cheap; may be called from any thread. */
  void wake() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  /** Before this nothing is sent, and an end does not wait for a broker that was never there. */
  @Override
  public void onApplicationEvent(TopicsCreated event) {
    topicsAreThere = true;
    wake();
  }

  @Override
  public void start() {
    // Before the thread starts: it looks at this first.
    running = true;
    thread = Thread.ofPlatform().name("outbox-relay").daemon().start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    Thread relay = thread;
    if (relay == null) {
      return;
    }
    wake();
    try {
      relay.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Ends after the web server and the consumers, which begin last and end first: what the requests
   * and events that were under way have told is sent before the process ends.
   */
  @Override
  public int getPhase() {
    return 0;
  }

  private void run() {
    while (isRunning()) {
      await(sendAll());
    }
    // What committed a moment before the end.
    sendAll();
  }

  /** Sends what waits, at the end no more than a batch; returns how long to rest then. */
  private Duration sendAll() {
    if (!topicsAreThere) {
      return properties.pollInterval();
    }
    try {
      boolean mayBeMore = true;
      while (mayBeMore) {
        mayBeMore = sendBatch() == properties.batchSize() && isRunning();
      }
      return properties.pollInterval();
    } catch (RuntimeException failed) {
      // Kafka or the database is away: the rows stay and are sent when both are back.
      log.warn("Events wait in the outbox: {}", rootMessage(failed));
      return properties.retryDelay();
    }
  }

  private void await(Duration rest) {
    try {
      if (wake.tryAcquire(rest.toMillis(), TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  /** Sends one batch; returns the number of rows that were sent and removed. */
  private int sendBatch() {
    Integer sent =
        transactions.execute(
            _ -> {
              // Waits for another instance's round to end: it may have missed our commit. And the
              // removal does not wait for the disk: lost in a crash, it means one more resend.
              database
                  .sql(
                      "select set_config('synchronous_commit', 'off', true),"
                          + " pg_advisory_xact_lock(?)")
                  .param(RELAY_LOCK)
                  .query()
                  .singleRow();
              return send(nextRows());
            });
    return sent == null ? 0 : sent;
  }

  private List<OutboxRow> nextRows() {
    return database
        .sql(
            """
            select * from outbox_event waiting
             where blocked_at is null
               and not exists (
                   select 1 from outbox_event blocked
                    where blocked.blocked_at is not null
                      and blocked.topic = waiting.topic
                      and blocked.message_key = waiting.message_key
                      and blocked.position < waiting.position)
             order by position limit ?
            """)
        .param(properties.batchSize())
        .query(OutboxRow::from)
        .list();
  }

  private int send(List<OutboxRow> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    Set<String> stopped = new HashSet<>();
    Map<OutboxRow, CompletableFuture<?>> sends = new LinkedHashMap<>();
    for (OutboxRow row : rows) {
      if (!stopped.contains(row.lane())) {
        CompletableFuture<?> sent = send(row);
        sends.put(row, sent);
        if (sent.isCompletedExceptionally()) {
          stopped.add(row.lane());
        }
      }
    }
    kafka.flush();
    List<Long> done = new ArrayList<>(rows.size());
    Throwable outage = null;
    for (var each : sends.entrySet()) {
      OutboxRow row = each.getKey();
      Throwable refusal = outcome(each.getValue());
      if (refusal == null && !stopped.contains(row.lane())) {
        done.add(row.position());
      } else if (refusal != null && concernsTheRowAlone(refusal)) {
        stopped.add(row.lane());
        block(row, refusal);
      } else if (refusal != null) {
        // What was sent after a refused row of its key is sent again, so that the order holds.
        stopped.add(row.lane());
        outage = refusal;
      }
    }
    remove(done);
    metrics.sent(done.size());
    if (outage != null && done.isEmpty()) {
      throw new IllegalStateException("The broker does not take events", outage);
    }
    return done.size();
  }

  /** A row the producer refuses at once does not keep the others from being sent. */
  private CompletableFuture<?> send(OutboxRow row) {
    try {
      return kafka.send(row.toRecord());
    } catch (KafkaException refused) {
      if (concernsTheRowAlone(refused)) {
        return CompletableFuture.failedFuture(refused);
      }
      throw refused;
    }
  }

  private static @Nullable Throwable outcome(CompletableFuture<?> send) {
    try {
      send.join();
      return null;
    } catch (CompletionException refused) {
      return refused;
    }
  }

  /** Whether sending the same row again would fail again, while other rows go through. */
  private static boolean concernsTheRowAlone(Throwable refusal) {
    return switch (NestedExceptionUtils.getMostSpecificCause(refusal)) {
      case RecordTooLargeException _, SerializationException _, InvalidTopicException _ -> true;
      default -> false;
    };
  }

  private void block(OutboxRow row, Throwable refusal) {
    log.error("Event {} of {} is blocked: {}", row.id(), row.lane(), rootMessage(refusal));
    database
        .sql("update outbox_event set blocked_at = now(), last_error = ? where position = ?")
        .params(rootMessage(refusal), row.position())
        .update();
  }

  private void remove(List<Long> positions) {
    if (!positions.isEmpty()) {
      database
          .sql("delete from outbox_event where position = any(?)")
          .param(positions.toArray(Long[]::new))
          .update();
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
