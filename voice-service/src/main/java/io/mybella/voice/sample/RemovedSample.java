package io.mybella.voice.sample;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Told within the transaction in which a sample goes.
 *
 * @param voice as it was
 * @param ownerUserId whose it was
 * @param cloningUntil until when somebody may be cloning it; {@code null} when nobody is
 */
public record RemovedSample(CustomVoice voice, long ownerUserId, @Nullable Instant cloningUntil) {}
