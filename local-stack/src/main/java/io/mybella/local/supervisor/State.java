package io.mybella.local.supervisor;

/** Where a part is in its life. */
public enum State {
  /** Not started yet. */
  WAITING,
  /** The process runs, but does not do its work yet. */
  STARTING,
  /** It does its work. */
  HEALTHY,
  /** It crashed and starts again after a wait. */
  RESTARTING,
  /** It crashed again and again before it was healthy once: given up. */
  FAILED,
  /** Ended on purpose. */
  ENDED
}
