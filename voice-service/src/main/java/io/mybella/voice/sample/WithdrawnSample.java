package io.mybella.voice.sample;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Told within the transaction in which a sample goes, or the consent to clone it.
 *
 * @param voice as it was
 * @param ownerUserId whose it was
 * @param attempt which attempt to clone it was the last one, from 1; 0 when there was none
 * @param cloningUntil until when that attempt may be under way; {@code null} when it is over
 */
public record WithdrawnSample(
    CustomVoice voice, long ownerUserId, int attempt, @Nullable Instant cloningUntil) {}
