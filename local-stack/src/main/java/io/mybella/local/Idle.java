package io.mybella.local;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a moment in which the machine has little to do. */
final class Idle {

  private static final double LITTLE = 0.3;
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int QUIET_LOOKS = 5;

  /** A machine that is never idle gets it all the same, at the lowest priority. */
  private static final int MOST_LOOKS = 300;

  private Idle() {}

  /**
   * Returns when the processors had little to do for ten seconds, or after ten minutes.
   *
   * @param ended ends the waiting early
   * @return false when it was ended
   */
  static boolean await(CountDownLatch ended) throws InterruptedException {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    int quiet = 0;
    for (int looks = 0; quiet < QUIET_LOOKS && looks < MOST_LOOKS; looks++) {
      if (ended.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
      // The load since the last look; the first one has none to compare with.
      quiet = system.getCpuLoad() < LITTLE && looks > 0 ? quiet + 1 : 0;
    }
    return true;
  }
}
