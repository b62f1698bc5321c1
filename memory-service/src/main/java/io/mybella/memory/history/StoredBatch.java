package io.mybella.memory.history;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch.
 *
 * @param messages in the order in which they were given
 */
public record StoredBatch(List<Entry> messages) {

  /** How many were stored now. */
  public long stored() {
    return messages.stream().filter(each -> !each.repeated()).count();
  }

  /**
   * What became of a message.
   *
   * @param repeated whether it had been stored before
   */
  public record Entry(
      UUID id, Instant createdAt, @Nullable String clientMessageId, boolean repeated) {}
}
