package io.mybella.voice.elevenlabs.gate;

import java.time.Duration;

/**
 * The moment until which everything that a call waits for must have happened: a slot, a connection,
 * a repetition and the first sound.
 *
 * @param nanos as {@link System#nanoTime()} counts
 */
public record Deadline(long nanos) {

  /** So long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left, zero when nothing is. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  /** What is left, but no more than a limit. */
  public Duration leftOf(Duration limit) {
    Duration left = left();
    return left.compareTo(limit) < 0 ? left : limit;
  }
}
