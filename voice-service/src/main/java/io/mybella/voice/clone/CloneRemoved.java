package io.mybella.voice.clone;

import org.jspecify.annotations.Nullable;

/**
 * Told within the transaction that forgets a clone because ElevenLabs has deleted it, or because it
 * was never made.
 *
 * @param personaId the persona that spoke with it
 * @param ownerUserId whose it was; null when that is not known any more
 */
public record CloneRemoved(long personaId, @Nullable Long ownerUserId) {}
