package io.mybella.contracts.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * The receipt of one service that nothing of a deleted account is left in it: data of {@link
 * EventTypes#ACCOUNT_ERASED}.
 *
 * @param erasureId the erasure of {@link AccountDeleted} that this answers
 * @param userId the erased user
 * @param service application name of the service, such as {@code voice-service}
 * @param counts what was erased: table or kind to number, each 0 or more
 * @param occurredAt when the erasure was committed
 */
public record AccountErased(
    UUID erasureId, long userId, String service, Map<String, Long> counts, Instant occurredAt) {

  /** Copies the counts. */
  public AccountErased {
    counts = Map.copyOf(counts);
  }
}
