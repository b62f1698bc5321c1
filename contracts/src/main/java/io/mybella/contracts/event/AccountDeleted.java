package io.mybella.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * An account was deleted: data of {@link EventTypes#ACCOUNT_DELETED}. Whoever holds something of
 * the user erases that and answers with {@link AccountErased}.
 *
 * @param userId the user, never used again
 * @param erasureId the erasure that receipts answer to
 * @param occurredAt when it was deleted
 */
public record AccountDeleted(long userId, UUID erasureId, Instant occurredAt) {

  /**
   * Checks what an erasure cannot do without.
   *
   * @throws IllegalArgumentException when no user or no erasure is named
   */
  public AccountDeleted {
    if (userId < 1 || erasureId == null) {
      throw new IllegalArgumentException("A deleted account names its user and its erasure");
    }
  }
}
