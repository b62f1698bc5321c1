package io.mybella.memory.work;

/** The time that is given to a piece of work, until others of its kind have theirs. */
@FunctionalInterface
public interface Turn {

  /** Whether the work is to be left as it stands, for a later turn. */
  boolean isOver();
}
