package io.mybella.voice.job;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A long text that is spoken in the background. The text itself is not part of it.
 *
 * @param userId who asked for it
 * @param personaId who speaks
 * @param characters length of the text
 * @param pieces how many pieces it is spoken in
 * @param said how many of them are there
 * @param bytes size of what is there
 * @param attempts how often a worker has begun or gone on
 * @param problem why it failed, or why the last attempt did; a stable code
 * @param voiceSource which voice speaks: {@code custom}, {@code preset} or {@code default}; null
 *     before the first piece
 * @param fallback why a better voice does not
 * @param endedAt null while something is to be done
 */
public record SpeechJob(
    UUID id,
    long userId,
    long personaId,
    JobState state,
    int characters,
    int pieces,
    int said,
    long bytes,
    int attempts,
    @Nullable String problem,
    @Nullable String voiceSource,
    @Nullable String fallback,
    Instant createdAt,
    @Nullable Instant endedAt) {}
