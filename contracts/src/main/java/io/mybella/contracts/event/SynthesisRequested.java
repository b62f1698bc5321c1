package io.mybella.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * A speech job waits for a worker: data of {@link EventTypes#SYNTHESIS_REQUESTED}. The text to
 * speak stays in the database of voice-service, because events never carry chat text.
 *
 * @param jobId the job
 * @param personaId the persona that shall speak
 * @param userId the user who asked for it
 * @param format audio format, such as {@code mp3}
 * @param characters length of the text in characters, positive
 * @param occurredAt when the job was accepted
 */
public record SynthesisRequested(
    UUID jobId, long personaId, long userId, String format, int characters, Instant occurredAt) {}
