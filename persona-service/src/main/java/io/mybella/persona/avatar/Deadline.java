package io.mybella.persona.avatar;

import java.time.Duration;

/** A moment by which something must be done, on the clock that never jumps. */
final class Deadline {

  private final long nanos;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean isOver() {
    return nanosLeft() <= 0;
  }

  /** Negative when it is over. */
  long nanosLeft() {
    return nanos - System.nanoTime();
  }
}
