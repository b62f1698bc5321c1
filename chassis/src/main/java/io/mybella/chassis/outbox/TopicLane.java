package io.mybella.chassis.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends the events of one topic. Of all instances of a service one sends them at a time: a round
 * holds a transaction-scoped advisory lock, which PostgreSQL releases when the round or the process
 * ends.
 */
final class TopicLane {

  private static final Logger log = LoggerFactory.getLogger(TopicLane.class);

  /** Arbitrary constants that name the relay among the advisory locks of a database. */
  private static final long RELAY_LOCK = 0x6d62_6f75_7462_6f78L;

  private static final int LANE_LOCKS = 0x6d62_6f78;

  /** What a round has in memory at most, beside one event more; the producer buffers 32 MB. */
  private static final int LARGEST_BATCH = 4_000_000;

  /** Longer than a producer takes to give up a record; after this it is taken for dead. */
  private static final Duration LONGEST_SEND = Duration.ofMinutes(1);

  private static final Duration TELL_AGAIN = Duration.ofMinutes(5);

  /**
   * How long events gather after a round amid which others came: a round costs about the same
   * however many it sends.
   */
  private static final Duration GATHERING = Duration.ofMillis(3);

  private final String topic;
  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final KafkaTemplate<String, byte[]> kafka;
  private final OutboxProperties properties;
  private final OutboxMetrics metrics;
  private final Semaphore wake = new Semaphore(0);
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  /** Whether nothing can be sent, and when that was told; for the lane's own thread. */
  private boolean stalled;

  private long toldAt;

  TopicLane(
      String topic,
      JdbcClient database,
      TransactionTemplate transactions,
      KafkaTemplate<String, byte[]> kafka,
      OutboxProperties properties,
      OutboxMetrics metrics) {
    this.topic = topic;
    this.database = database;
    this.transactions = transactions;
    this.kafka = kafka;
    this.properties = properties;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().name("outbox-" + topic).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void wake() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  /** Has the lane end after one more round, for what committed a moment before. */
  void end() {
    end.countDown();
    wake();
  }

  void join(Duration limit) throws InterruptedException {
    thread.join(limit);
  }

  private void run() {
    try {
      boolean last = false;
      while (!last) {
        wake.acquire();
        wake.drainPermits();
        // Asked before the round: one that began earlier may have missed what was told at the end.
        last = isEnding();
        // The rest is not cut short by events that are written meanwhile.
        while (!sendAll() && !isEnding()) {
          end.await(properties.retryDelay().toMillis(), TimeUnit.MILLISECONDS);
        }
        if (wake.availablePermits() > 0) {
          end.await(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isEnding() {
    return end.getCount() == 0;
  }

  /** Sends what waits, at the end no more than a batch; returns whether nothing was in the way. */
  private boolean sendAll() {
    try {
      if (stalled) {
        // Asked first: a topic that is missing is waited for, but not with a connection in hand.
        kafka.partitionsFor(topic);
      }
      Round round;
      do {
        round = round();
      } while (round.isFull() && round.refusal() == null && !isEnding());
      if (round.refusal() == null) {
        flows();
        return true;
      }
      stalls(round.refusal());
    } catch (RuntimeException | Error failed) {
      // Kafka or the database is away, or something that nobody foresaw: the rows stay.
      stalls(failed);
    }
    return false;
  }

  private void flows() {
    if (stalled) {
      stalled = false;
      log.info("Events of {} are sent again", topic);
    }
    metrics.flows(topic);
  }

  private void stalls(Throwable reason) {
    metrics.stalls(topic);
    long now = System.nanoTime();
    if (!stalled || now - toldAt > TELL_AGAIN.toNanos()) {
      toldAt = now;
      // A fault of the program is for somebody to look at, with all that is known of it.
      if (reason instanceof Error) {
        log.error("Events of {} wait in the outbox", topic, reason);
      } else {
        log.warn("Events of {} wait in the outbox: {}", topic, rootMessage(reason));
      }
    }
    stalled = true;
  }

  /**
   * What came of a batch.
   *
   * @param isFull whether there may be more
   * @param refusal why the topic takes no events now; null when it does
   */
  private record Round(boolean isFull, @Nullable Throwable refusal) {}

  private Round round() {
    Round round =
        transactions.execute(
            _ -> {
              lock();
              return send(nextRows());
            });
    return round == null ? new Round(false, null) : round;
  }

  /**
   * Waits for another instance's round to end: it may have missed our commit. The shared lock keeps
   * out an instance of the version before, which sends all topics under it. And the removal does
   * not wait for the disk: lost in a crash, it means one more resend.
   */
  private void lock() {
    database
        .sql(
            """
            select set_config('synchronous_commit', 'off', true),
                   pg_advisory_xact_lock_shared(?), pg_advisory_xact_lock(?, hashtext(?))
            """)
        .params(RELAY_LOCK, LANE_LOCKS, topic)
        .query()
        .singleRow();
  }

  private List<OutboxRow> nextRows() {
    return database
        .sql(
            """
            select * from (
              select waiting.*,
                     sum(octet_length(data)) over (order by position rows unbounded preceding)
                       - octet_length(data) as bytes_before
                from outbox_event waiting
               where topic = ? and blocked_at is null
                 and not exists (
                     select 1 from outbox_event blocked
                      where blocked.blocked_at is not null
                        and blocked.topic = waiting.topic
                        and blocked.message_key = waiting.message_key
                        and blocked.position < waiting.position)
               order by position limit ?) batch
             where bytes_before < ? order by position
            """)
        .params(topic, properties.batchSize(), LARGEST_BATCH)
        .query(OutboxRow::from)
        .list();
  }

  private Round send(List<OutboxRow> rows) {
    Map<OutboxRow, CompletableFuture<?>> sends = new LinkedHashMap<>();
    Throwable refusal = hand(rows, sends);
    Throwable silence = await(sends);
    refusal = refusal == null ? silence : refusal;

    List<Long> done = new ArrayList<>(rows.size());
    Set<String> stopped = new HashSet<>();
    for (var each : sends.entrySet()) {
      OutboxRow row = each.getKey();
      Throwable failure = failure(each.getValue());
      if (failure == null && !stopped.contains(row.key())) {
        done.add(row.position());
      } else if (failure != null) {
        // What was sent after a refused row of its key is sent again, so that the order holds.
        stopped.add(row.key());
        if (concernsTheRowAlone(failure)) {
          block(row, failure);
        } else {
          refusal = failure;
        }
      }
    }
    remove(done);
    metrics.sent(done.size());
    return new Round(!done.isEmpty() && isFull(rows), refusal);
  }

  /**
   * Hands rows to the producer, up to the first one that the topic does not take: those behind it
   * would be refused as well, each after a wait. What was handed over before is not affected.
   *
   * @return why the topic does not take events; null when it does
   */
  private @Nullable Throwable hand(
      List<OutboxRow> rows, Map<OutboxRow, CompletableFuture<?>> sends) {
    Set<String> stopped = new HashSet<>();
    for (OutboxRow row : rows) {
      if (stopped.contains(row.key())) {
        continue;
      }
      try {
        sends.put(row, kafka.send(row.toRecord()));
      } catch (RuntimeException | Error refused) {
        if (!concernsTheRowAlone(refused)) {
          return refused;
        }
        stopped.add(row.key());
        sends.put(row, CompletableFuture.failedFuture(refused));
      }
    }
    return null;
  }

  /** Waits until each has its outcome; returns why not, when that takes too long. */
  private @Nullable Throwable await(Map<OutboxRow, CompletableFuture<?>> sends) {
    var all = CompletableFuture.allOf(sends.values().toArray(CompletableFuture[]::new));
    try {
      all.get(LONGEST_SEND.toMillis(), TimeUnit.MILLISECONDS);
      return null;
    } catch (ExecutionException oneFailed) {
      return null;
    } catch (TimeoutException silent) {
      // A producer whose thread has died answers nothing any more: another one takes its place.
      kafka.getProducerFactory().reset();
      return silent;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return interrupted;
    }
  }

  /** Null for what the broker has acknowledged. */
  private static @Nullable Throwable failure(CompletableFuture<?> send) {
    return switch (send.state()) {
      case SUCCESS -> null;
      case FAILED -> send.exceptionNow();
      case RUNNING, CANCELLED -> new TimeoutException("The producer does not answer");
    };
  }

  private boolean isFull(List<OutboxRow> rows) {
    // A character has up to three bytes in UTF-8 (a pair of them, four).
    return rows.size() == properties.batchSize()
        || rows.stream().mapToLong(row -> 3L * row.data().length()).sum() >= LARGEST_BATCH;
  }

  /** Whether sending the same row again would fail again, while other rows go through. */
  private static boolean concernsTheRowAlone(Throwable refusal) {
    return switch (NestedExceptionUtils.getMostSpecificCause(refusal)) {
      case RecordTooLargeException _, SerializationException _, InvalidTopicException _ -> true;
      default -> false;
    };
  }

  private void block(OutboxRow row, Throwable refusal) {
    log.error("Event {} of {} is blocked: {}", row.id(), topic, rootMessage(refusal));
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
