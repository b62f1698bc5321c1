package io.mybella.memory.history;

import java.time.Instant;
import java.util.UUID;

/**
 * What was said in a message.
 *
 * @param content 1 to 32,000 characters
 * @param at when it was said
 */
public record Said(UUID id, Role role, String content, Instant at) {}
