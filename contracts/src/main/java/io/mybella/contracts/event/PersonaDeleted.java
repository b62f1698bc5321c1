package io.mybella.contracts.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A persona was deleted: data of {@link EventTypes#PERSONA_DELETED}. Whoever holds something of it
 * erases that and answers with {@link PersonaErased}.
 *
 * @param personaId id of the persona, never used again
 * @param ownerUserId the user it belonged to; {@code null} for a system persona
 * @param erasureId the erasure that receipts answer to
 * @param version version of the persona, greater than that of every event before
 * @param occurredAt when it was deleted
 */
public record PersonaDeleted(
    long personaId, @Nullable Long ownerUserId, UUID erasureId, long version, Instant occurredAt) {}
