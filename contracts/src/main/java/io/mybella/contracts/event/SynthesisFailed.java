package io.mybella.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * A speech job was given up: data of {@link EventTypes#SYNTHESIS_FAILED}.
 *
 * @param jobId the job
 * @param personaId the persona that should have spoken
 * @param userId the user who asked for it
 * @param reason a stable snake-case code, such as {@code unspeakable_text}; never the text itself
 * @param occurredAt when it was given up
 */
public record SynthesisFailed(
    UUID jobId, long personaId, long userId, String reason, Instant occurredAt) {}
