package io.mybella.local.supervisor;

import java.time.Duration;

/**
 * How long the supervisor waits.
 *
 * @param start a part may take this long to become healthy
 * @param silence a part that was healthy may give no answer for this long before it is ended and
 *     started anew
 * @param killed a part may take this long to be gone after it was killed
 */
public record Limits(Duration start, Duration silence, Duration killed) {

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);
  private static final int PROBES_IN_SILENCE = 12;

  /**
   * The usual limits for what does not depend on settings.
   *
   * @param start how long a part may take to become healthy
   * @param silence how long a part may give no answer
   */
  public static Limits of(Duration start, Duration silence) {
    return new Limits(start, silence, Duration.ofSeconds(20));
  }

  /** The time between two looks at a healthy part, and the time that an answer may take. */
  Duration interval() {
    Duration part = silence.dividedBy(PROBES_IN_SILENCE);
    return part.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : part;
  }
}
