package io.mybella.memory.history;

import java.util.UUID;

/**
 * A part of a history: so many messages before one id, and so many from another one on.
 *
 * @param until only ids less than this are before
 * @param since only ids from this on are after
 */
record Window(UUID until, int older, UUID since, int newer) {

  /** Less than any id. */
  static final UUID START = new UUID(0, 0);

  /** The greatest of all ids. */
  static final UUID END = new UUID(-1L, -1L);

  /** The newest messages. */
  static Window newest(int limit) {
    return before(END, limit);
  }

  /** What comes before an id. */
  static Window before(UUID id, int limit) {
    return new Window(id, limit, END, 0);
  }

  /** What comes after an id. */
  static Window after(UUID id, int limit) {
    UUID next = next(id);
    return new Window(next, 0, next, limit);
  }

  /** A message and what is next to it on either side. */
  static Window around(UUID id, int limit) {
    int older = limit / 2;
    return new Window(id, older, id, limit - older);
  }

  private static UUID next(UUID id) {
    long low = id.getLeastSignificantBits() + 1;
    return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
  }
}
