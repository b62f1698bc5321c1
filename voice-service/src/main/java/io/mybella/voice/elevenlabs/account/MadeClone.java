package io.mybella.voice.elevenlabs.account;

/**
 * A clone that was made.
 *
 * @param voiceId its id
 * @param requiresVerification whether it may not speak before the account's owner has verified it
 */
public record MadeClone(String voiceId, boolean requiresVerification) {}
