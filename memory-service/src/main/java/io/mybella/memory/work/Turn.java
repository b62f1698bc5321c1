package io.mybella.memory.work;

/** The time that is given to a piece of work, until others of its kind have theirs. */
@FunctionalInterface
public interface Turn {

  /** Whether the work is to be left as it stands, for a later turn. */
  boolean isOver();

  /** The turns since the work last went well, this one included: 1 unless it has failed. */
  default int attempt() {
    return 1;
  }
}
