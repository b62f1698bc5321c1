package io.mybella.memory.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A very long history is forgotten at once and erased while others read theirs. It has 20,000
 * messages, and 1,000,000 in the nightly build (the system property {@code forgotten.messages});
 * the log tells the times, which stand in decision 32.
 */
class LongHistoriesIT extends MemoryServiceTest {

  private static final Logger log = LoggerFactory.getLogger(LongHistoriesIT.class);
  private static final int MESSAGES = Integer.getInteger("forgotten.messages", 20_000);
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Generous: on an idle machine it takes some milliseconds. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  @Test
  void othersReadOnWhileALongHistoryIsForgottenAndErased() throws Exception {
    PairId forgetful = longHistory(MESSAGES);
    PairId reader = longHistory(5_000);
    var times = new Times();
    var reading = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> reads = threads.submit(() -> readOn(reader, times, reading));
      await().atMost(LIMIT).until(() -> times.count() >= 500);
      // Each connection plans each statement once.
      for (int i = 0; i < 50; i++) {
        PairId other = newPair();
        say(other, "short");
        forget(other);
      }
      Times before = times.cut();

      long start = System.nanoTime();
      forget(forgetful);
      Duration answered = Duration.ofNanos(System.nanoTime() - start);
      assertThat(texts(forgetful)).isEmpty();
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> rows("persona_memory", of(forgetful)) == 0);
      Duration erased = Duration.ofNanos(System.nanoTime() - start);
      Times meanwhile = times.cut();
      reading.set(false);
      reads.get();

      log.info(
          "{} messages: forgotten in {} ms, erased after {} ms; pages of others before {},"
              + " meanwhile {}",
          MESSAGES,
          answered.toMillis(),
          erased.toMillis(),
          before,
          meanwhile);
      assertThat(answered).isLessThan(AT_ONCE);
      assertThat(rows("chat_message", of(forgetful))).isZero();
    }
  }

  private void forget(PairId pair) {
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
  }

  private PairId longHistory(int messages) {
    PairId pair = newPair();
    say(pair, "the first");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO chat_message
                      (user_id, persona_id, id, conversation_id, role, content, created_at)
                    SELECT user_id, persona_id, uuidv7(), conversation_id, role,
                      repeat('what we talked about ', 10), now()
                    FROM chat_message, generate_series(2, %d) WHERE %s
                    """
                        .formatted(messages, of(pair)))
                .update());
    asSuperuser(db -> db.sql("VACUUM ANALYZE chat_message").update());
    return pair;
  }

  private void readOn(PairId reader, Times times, AtomicBoolean reading) {
    while (reading.get()) {
      long start = System.nanoTime();
      Map<String, Object> page = page(reader, 50, null);
      times.add(System.nanoTime() - start);
      assertThat(texts(page)).hasSize(50);
    }
  }

  /** How long requests took. */
  private static final class Times {

    private final Map<Long, Integer> micros = new ConcurrentSkipListMap<>();

    void add(long nanos) {
      micros.merge(nanos / 1_000, 1, Integer::sum);
    }

    int count() {
      return micros.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What was taken until now. */
    Times cut() {
      var taken = new Times();
      for (Long time : Map.copyOf(micros).keySet()) {
        Integer count = micros.remove(time);
        if (count != null) {
          taken.micros.put(time, count);
        }
      }
      return taken;
    }

    private double millis(double share) {
      long rank = (long) Math.ceil(share * count());
      long seen = 0;
      for (Map.Entry<Long, Integer> each : micros.entrySet()) {
        seen += each.getValue();
        if (seen >= rank) {
          return each.getKey() / 1_000.0;
        }
      }
      return Double.NaN;
    }

    @Override
    public String toString() {
      return "%d in ms: p50 %.1f, p99 %.1f, longest %.1f"
          .formatted(count(), millis(0.5), millis(0.99), millis(1));
    }
  }
}
