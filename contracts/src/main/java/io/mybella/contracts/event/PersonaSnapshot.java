package io.mybella.contracts.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The whole public state of a persona after it was created or changed: data of {@link
 * EventTypes#PERSONA_CREATED} and {@link EventTypes#PERSONA_UPDATED}.
 *
 * @param personaId id of the persona, positive
 * @param ownerUserId the user it belongs to; {@code null} for a system persona
 * @param name name, 1 to 50 characters, unique per owner
 * @param displayName name to show, 1 to 100 characters
 * @param description what the persona is like, at most 5,000 characters
 * @param personalityTraits comma-separated traits, at most 2,000 characters
 * @param communicationStyle style of speaking, at most 50 characters
 * @param tagline one line about it, at most 150 characters
 * @param voiceId id of its preset voice; {@code null} when it has none
 * @param isCustom whether a user made it
 * @param isActive whether it can be chosen; a switched-off system persona is inactive
 * @param avatarUrl path of its picture on the gateway; {@code null} without a picture
 * @param version version of the persona, counted from 1; a consumer ignores what is not newer
 * @param occurredAt when the change was made
 */
public record PersonaSnapshot(
    long personaId,
    @Nullable Long ownerUserId,
    String name,
    String displayName,
    @Nullable String description,
    @Nullable String personalityTraits,
    @Nullable String communicationStyle,
    @Nullable String tagline,
    @Nullable String voiceId,
    boolean isCustom,
    boolean isActive,
    @Nullable String avatarUrl,
    long version,
    Instant occurredAt) {}
