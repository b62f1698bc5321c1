package io.mybella.memory.history;

import io.mybella.memory.pair.PairQueries;
import java.util.List;
import java.util.UUID;

/**
 * Derives something from messages and keeps it true to them. It is told within the transaction that
 * stores, changes or removes them, while the pair's row is locked: what it does stands or falls
 * with that. A history that is forgotten is no matter of its: an {@code ErasableTable} is.
 */
public interface MessageFollower {

  /**
   * Messages were stored now; one that had been stored before is not among them.
   *
   * @param messages in their order
   * @param past whether they were said at a time before now, so that others may have been said
   *     since
   */
  void stored(PairQueries db, List<Said> messages, boolean past);

  /** A message has another text; nothing may be left that was derived from the old one. */
  void edited(PairQueries db, Said message);

  /**
   * Messages are gone, and so must be what was derived from them.
   *
   * @param messages their ids, 5,000 at most; none that stays is between them
   */
  void removed(PairQueries db, List<UUID> messages);
}
