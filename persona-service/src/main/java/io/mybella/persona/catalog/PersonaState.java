package io.mybella.persona.catalog;

import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a persona as it was after a change.
 *
 * @param ownerUserId the user it belongs to; null for a built-in persona
 * @param active whether it is offered; one that is not is there for its owner all the same
 * @param avatarUrl where its picture is to be had; null without a picture
 * @param version counts the changes, from 1
 */
public record PersonaState(
    PersonaId id,
    @Nullable UserId ownerUserId,
    Profile profile,
    boolean active,
    @Nullable String avatarUrl,
    long version,
    Instant changedAt) {}
