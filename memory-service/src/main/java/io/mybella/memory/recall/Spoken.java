package io.mybella.memory.recall;

import io.mybella.memory.history.Role;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a history, as an index takes it.
 *
 * @param session the conversation that it is part of
 * @param speaker who the application says has spoken; null when it does not
 * @param text its beginning, where it is long
 */
record Spoken(
    UUID id, UUID session, Role role, @Nullable String speaker, Instant at, String text) {}
