package io.mybella.local.supervisor;

import java.time.Duration;

/**
 * How long to wait before the next start of a part that crashes: twice as long each time, up to a
 * limit.
 *
 * @param first the wait after the first crash
 * @param longest no wait is longer
 * @param forgivenAfter a part that was healthy for this long starts anew with the first wait
 */
public record Backoff(Duration first, Duration longest, Duration forgivenAfter) {

  /** 0.5 s, 1 s, 2 s, … 30 s; forgiven after a minute of health. */
  public static final Backoff USUAL =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /**
   * The wait before the next start.
   *
   * @param crashes how often it crashed in a row, from 1
   */
  Duration before(int crashes) {
    int doublings = Math.min(crashes - 1, 30);
    long millis = first.toMillis() << doublings;
    return millis > longest.toMillis() || millis < 0 ? longest : Duration.ofMillis(millis);
  }
}
