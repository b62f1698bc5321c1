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
public record AccountDeleted(long userId, UUID erasureId, Instant occurredAt) {}
