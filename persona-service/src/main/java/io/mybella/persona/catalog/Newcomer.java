package io.mybella.persona.catalog;

import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A persona that was made elsewhere and is to be taken in.
 *
 * @param wantedId the id it had; it keeps it where it is free and one of those kept for imports
 * @param ownerUserId the user it belongs to; null for a persona of the system
 * @param texts with a name
 * @param active whether it is to be offered
 */
public record Newcomer(
    @Nullable PersonaId wantedId,
    @Nullable UserId ownerUserId,
    ProfileTexts texts,
    boolean active,
    Instant createdAt,
    Instant updatedAt) {}
