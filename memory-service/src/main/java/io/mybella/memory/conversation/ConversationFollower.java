package io.mybella.memory.conversation;

import io.mybella.memory.pair.PairQueries;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Learns from conversations that were understood. It is told within the transaction that keeps the
 * understanding, while the pair's row is locked: what it does stands or falls with that, and every
 * message that it is told of is there with the text that was read.
 */
public interface ConversationFollower {

  /**
   * Something that the user told of themselves, as a model has read it. Of a conversation that is
   * understood anew the same may come again.
   *
   * @param category such as {@code food}
   * @param key such as {@code favourite dish}
   * @param value what it is
   * @param message in which they told it
   * @param at when that was said
   */
  record Learned(String category, String key, String value, UUID message, Instant at) {}

  /** A conversation was understood; called only when something was learned. */
  void learned(PairQueries db, List<Learned> facts);
}
