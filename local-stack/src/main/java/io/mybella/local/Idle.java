package io.mybella.local;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Waits for moments in which the machine has little to do.
 *
 * @param load the share of the processors that was in use since the last look, from 0 to 1
 * @param look the time from one look to the next
 * @param between the time from a moment that was used to the first look for the next one
 */
record Idle(DoubleSupplier load, Duration look, Duration between) {

  private static final double LITTLE = 0.3;
  private static final int QUIET_LOOKS = 5;

  /** A machine that is never idle gets it all the same, at the lowest priority. */
  private static final int MOST_LOOKS = 300;

  /** Looks at this machine: it is idle after ten quiet seconds, and used once an hour at most. */
  static Idle ofThisMachine() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Idle(system::getCpuLoad, Duration.ofSeconds(2), Duration.ofHours(1));
  }

  /**
   * Returns when the processors had little to do for five looks, or after 300.
   *
   * @param ended ends the waiting early
   * @return false when it was ended
   */
  boolean await(CountDownLatch ended) throws InterruptedException {
    int quiet = 0;
    for (int looks = 0; quiet < QUIET_LOOKS && looks < MOST_LOOKS; looks++) {
      if (ended.await(look.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
      // The load since the last look; the first one has none to compare with.
      quiet = load.getAsDouble() < LITTLE && looks > 0 ? quiet + 1 : 0;
    }
    return true;
  }

  /** {@linkplain #await Waits} for the moment after one that was used. */
  boolean awaitNext(CountDownLatch ended) throws InterruptedException {
    return !ended.await(between.toMillis(), TimeUnit.MILLISECONDS) && await(ended);
  }
}
