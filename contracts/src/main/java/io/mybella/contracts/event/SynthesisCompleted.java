package io.mybella.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * The audio of a speech job is stored: data of {@link EventTypes#SYNTHESIS_COMPLETED}.
 *
 * @param jobId the job
 * @param personaId the persona that spoke
 * @param userId the user who asked for it
 * @param format audio format, such as {@code mp3}
 * @param voiceSource which voice spoke: {@code custom}, {@code preset} or {@code default}
 * @param characters length of the text in characters, positive
 * @param audioBytes size of the audio in bytes, positive
 * @param occurredAt when the audio was stored
 */
public record SynthesisCompleted(
    UUID jobId,
    long personaId,
    long userId,
    String format,
    String voiceSource,
    int characters,
    long audioBytes,
    Instant occurredAt) {}
