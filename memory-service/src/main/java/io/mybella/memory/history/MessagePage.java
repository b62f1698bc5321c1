package io.mybella.memory.history;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of a history.
 *
 * @param messages the oldest first
 * @param nextBefore the id before which the next page ends; null when this page is the oldest
 */
public record MessagePage(List<Message> messages, @Nullable UUID nextBefore) {}
