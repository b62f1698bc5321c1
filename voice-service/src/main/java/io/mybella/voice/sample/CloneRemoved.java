package io.mybella.voice.sample;

/**
 * Told within the transaction that forgets a clone because ElevenLabs has deleted it.
 *
 * @param personaId the persona that spoke with it
 */
public record CloneRemoved(long personaId) {}
