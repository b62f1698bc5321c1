package io.mybella.memory.pair;

/**
 * Names one memory: that which a persona has of a user.
 *
 * @param userId the authenticated user, never a value from a body
 * @param personaId the persona, from the path
 */
public record PairId(long userId, long personaId) {}
