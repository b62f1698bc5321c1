package io.mybella.voice.sample;

import java.time.Instant;

/**
 * Told within the transaction in which a persona got or lost its custom voice.
 *
 * @param personaId the persona
 * @param ownerUserId its owner
 * @param hasCustomVoice whether it has one now
 * @param version version of the persona's voice, from 1
 * @param at when
 */
public record CustomVoiceChange(
    long personaId, long ownerUserId, boolean hasCustomVoice, long version, Instant at) {}
