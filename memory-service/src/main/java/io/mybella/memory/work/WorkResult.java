package io.mybella.memory.work;

import java.time.Instant;

/** What came of a turn that did not fail. */
public sealed interface WorkResult {

  /** Nothing is left to be done. */
  record Done() implements WorkResult {}

  /** The turn was too short: the work goes on when others have had theirs. */
  record Unfinished() implements WorkResult {}

  /** There is nothing to be done before a later time. */
  record Later(Instant dueAt) implements WorkResult {}
}
