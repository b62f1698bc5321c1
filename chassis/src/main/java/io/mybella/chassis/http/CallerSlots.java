package io.mybella.chassis.http;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many requests of each caller are served at the same time. A caller is whatever tells callers
 * apart: an account, a key, an address. Only callers with a request under way are remembered. Safe
 * for use by many threads.
 */
public final class CallerSlots {

  private final int most;
  private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();

  /**
   * Slots for any number of callers.
   *
   * @param most requests of one caller at the same time; 0 is without limit
   */
  public CallerSlots(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("A caller cannot have less than no slot");
    }
    this.most = most == 0 ? Integer.MAX_VALUE : most;
  }

  /**
   * Takes a slot, without waiting for one.
   *
   * @return what gives it back, to be closed exactly once; empty when the caller has none left
   */
  public Optional<Slot> take(String caller) {
    boolean[] full = new boolean[1];
    taken.compute(
        caller,
        (_, count) -> {
          int now = count == null ? 0 : count;
          full[0] = now >= most;
          return full[0] ? now : now + 1;
        });
    return full[0] ? Optional.empty() : Optional.of(() -> giveBack(caller));
  }

  private void giveBack(String caller) {
    taken.computeIfPresent(caller, (_, count) -> count > 1 ? count - 1 : null);
  }

  /** A request under way. */
  @FunctionalInterface
  public interface Slot extends AutoCloseable {

    @Override
    void close();
  }
}
