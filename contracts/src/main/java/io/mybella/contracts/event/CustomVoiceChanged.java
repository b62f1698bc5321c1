package io.mybella.contracts.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A persona got or lost its custom voice: data of {@link EventTypes#CUSTOM_VOICE_CHANGED}.
 *
 * @param personaId the persona
 * @param ownerUserId the user it belongs to; {@code null} for a system persona
 * @param hasCustomVoice whether it has a custom voice now
 * @param version version of the persona's voice, counted from 1 by voice-service (not the version
 *     of the persona's profile)
 * @param occurredAt when it changed
 */
public record CustomVoiceChanged(
    long personaId,
    @Nullable Long ownerUserId,
    boolean hasCustomVoice,
    long version,
    Instant occurredAt) {}
