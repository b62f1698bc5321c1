package io.mybella.memory.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages to be remembered in order, all or none.
 *
 * @param messages without idempotency keys of their own; no two have the same client message id
 * @param times when each was said, none of them in the future; null when they are said now
 * @param idempotencyKey names the attempt to store them; the same again is the same batch
 */
public record NewBatch(
    List<NewMessage> messages, @Nullable List<Instant> times, @Nullable String idempotencyKey) {

  /** When one of the messages was said; null for now. */
  @Nullable Instant timeOf(int index) {
    return times == null ? null : times.get(index);
  }

  /**
   * The key of one of the messages. The first has that of the batch, so that no single message can
   * have it as well; no key that a client can send has a line break.
   */
  @Nullable String keyOf(int index) {
    return idempotencyKey == null || index == 0 ? idempotencyKey : idempotencyKey + "\n" + index;
  }
}
