package io.mybella.memory.recall;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.recall.IndexRows.Lacking;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The indexes of histories that were asked lately, made when they are needed and never trusted:
 * each time the database tells whether what is indexed is still what is there. Its answer is the
 * version of the history, which is another one after every change but an addition, on whatever
 * replica that was made; and what was added since, of turns and of vectors.
 */
@Component
class PairIndexes {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** So long the words of a history stay in memory that nobody asks any more. */
  private static final Duration UNASKED = Duration.ofMinutes(10);

  private static final int BYTES_OF_ENTRY = 500;
  private static final UUID FIRST = new UUID(0, 0);

  /** The index of one history, for one caller at a time. */
  private final class Slot {

    private final ReentrantLock lock = new ReentrantLock();
    private PairIndex index = new PairIndex(languages);
    private @Nullable UUID version;
    private Names names = new Names(null, null);

    /** The position of the last vector that was read. */
    private long vectors;

    private UUID last() {
      Turn last = index.last();
      return last == null ? FIRST : last.id();
    }

    private void take(Lacking lacking) {
      if (!lacking.goesOn()) {
        index = new PairIndex(languages);
      }
      lacking.turns().forEach(index::add);
      lacking.vectors().forEach(each -> index.embed(each.message(), each.model(), each.vector()));
      vectors = lacking.lastVector();
      // An index that has grown by a quarter is made anew, without its oldest turns.
      version = index.size() > properties.turns() / 4 * 5 ? null : lacking.version();
      names = lacking.names();
    }

    private int weight() {
      return (int) Math.min(Integer.MAX_VALUE, BYTES_OF_ENTRY + index.bytes());
    }
  }

  private final Cache<PairId, Slot> cache;
  private final IndexRows rows;
  private final PersonaAccess access;
  private final Languages languages;
  private final RecallProperties properties;

  PairIndexes(
      IndexRows rows, PersonaAccess access, Languages languages, RecallProperties properties) {
    this.rows = rows;
    this.access = access;
    this.languages = languages;
    this.properties = properties;
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(properties.cache().toBytes())
            .weigher((PairId _, Slot slot) -> slot.weight())
            .expireAfterAccess(UNASKED)
            .build();
  }

  /**
   * Has the index of a history used, as it is at this moment.
   *
   * @param use is given the index and the names of the two; it must not keep the index
   * @throws Problem 404 when the user may not use the persona; 503 when it is being used by others
   *     for long
   */
  <T> T with(PairId pair, BiFunction<PairIndex, Names, T> use) {
    Slot slot = cache.get(pair, _ -> new Slot());
    lock(slot);
    try {
      refresh(pair, slot);
      return use.apply(slot.index, slot.names);
    } finally {
      slot.lock.unlock();
    }
  }

  private static void lock(Slot slot) {
    try {
      if (!slot.lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.unavailable("This history is being indexed; try again in a moment", SOON);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The service is stopping; try again in a moment", SOON);
    }
  }

  private void refresh(PairId pair, Slot slot) {
    try {
      slot.take(
          access.checked(pair, () -> rows.lacking(pair, slot.version, slot.last(), slot.vectors)));
    } catch (RuntimeException failed) {
      cache.invalidate(pair);
      throw failed;
    }
    if (slot.version == null && slot.index.size() == 0) {
      cache.invalidate(pair);
    } else {
      // Weighed anew.
      cache.put(pair, slot);
    }
  }
}
