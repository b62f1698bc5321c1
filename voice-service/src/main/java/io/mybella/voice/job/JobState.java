package io.mybella.voice.job;

import java.util.Locale;

/** How far a job is. */
public enum JobState {
  /** It waits for a worker, for the first time or once more. */
  QUEUED,
  /** A worker has it. */
  RUNNING,
  /** Its audio is there. */
  COMPLETED,
  /** It was given up. */
  FAILED,
  /** Its user took it back. */
  CANCELLED;

  /** As it is stored, and as the contract names it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static JobState of(String stored) {
    return valueOf(stored.toUpperCase(Locale.ROOT));
  }
}
