package io.mybella.chassis.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
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
final class OutboxRelay implements SmartLifecycle {

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

  private void run() {
    while (isRunning()) {
      Duration rest = properties.pollInterval();
      try {
        while (isRunning() && sendBatch() == properties.batchSize()) {
          // A full batch means there may be more.
        }
      } catch (RuntimeException failed) {
        // Kafka or the database is away: the rows stay and are sent when both are back.
        log.warn("Events wait in the outbox: {}", rootMessage(failed));
        rest = properties.retryDelay();
      }
      await(rest);
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
              // Waits for another instance's round to end: it may have missed our commit.
              database.sql("select pg_advisory_xact_lock(?)").param(RELAY_LOCK).query().singleRow();
              return send(
                  database
                      .sql("select * from outbox_event order by position limit ?")
                      .param(properties.batchSize())
                      .query(OutboxRow::from)
                      .list());
            });
    return sent == null ? 0 : sent;
  }

  private int send(List<OutboxRow> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    List<CompletableFuture<?>> sends = new ArrayList<>(rows.size());
    for (OutboxRow row : rows) {
      ProducerRecord<String, byte[]> message = row.toRecord();
      sends.add(kafka.send(message));
    }
    kafka.flush();
    List<Long> done = new ArrayList<>(rows.size());
    RuntimeException failure = null;
    Set<String> blocked = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      OutboxRow row = rows.get(i);
      String lane = row.topic() + ' ' + row.key();
      try {
        sends.get(i).join();
        if (!blocked.contains(lane)) {
          done.add(row.position());
        }
      } catch (CompletionException refused) {
        // What follows on the same key is sent again after it, so that the order holds.
        blocked.add(lane);
        failure = refused;
      }
    }
    remove(done);
    metrics.sent(done.size());
    if (failure != null && done.isEmpty()) {
      throw failure;
    }
    return done.size();
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
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
