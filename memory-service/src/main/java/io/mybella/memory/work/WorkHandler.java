package io.mybella.memory.work;

/**
 * Does one kind of work. There is one handler for a kind; any number of replicas have it.
 *
 * <p>A turn may end at any point by the death of its process, and another one takes the work up
 * when the lease is over; a process that only stood still meanwhile goes on beside it. So the
 * effects of a handler must be the same however often it is begun, and it must settle in the
 * database what may happen once only.
 */
public interface WorkHandler {

  /** What it does. */
  WorkKind kind();

  /** Whether this process does it, and does not leave it to others. */
  default boolean isOnDuty() {
    return true;
  }

  /**
   * Does the work, or a part of it. Called outside of any transaction. It should look at the turn
   * between steps of a second or less; what it throws is logged, and the work is tried again after
   * a pause.
   */
  WorkResult handle(Subject subject, Turn turn);
}
