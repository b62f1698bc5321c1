package io.mybella.voice.job;

import java.time.Instant;

/** What becomes of a job, told in the transaction in which it does. */
public sealed interface JobFact {

  /** The job, as it is by then. */
  SpeechJob job();

  /** When. */
  Instant at();

  /** It waits for a worker. */
  record Requested(SpeechJob job, Instant at) implements JobFact {}

  /** Its audio is there as a whole. */
  record Completed(SpeechJob job, Instant at) implements JobFact {}

  /**
   * It will not be spoken.
   *
   * @param reason a stable code, such as {@code cancelled}
   */
  record Failed(SpeechJob job, String reason, Instant at) implements JobFact {}
}
