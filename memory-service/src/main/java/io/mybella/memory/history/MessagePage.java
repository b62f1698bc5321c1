package io.mybella.memory.history;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of a history.
 *
 * @param messages the oldest first
 * @param nextBefore the id before which the next older page ends; null when this page is the oldest
 * @param nextAfter the id after which the next newer page begins, now or later; null when nothing
 *     was found and nothing was asked to be after
 */
public record MessagePage(
    List<Message> messages, @Nullable UUID nextBefore, @Nullable UUID nextAfter) {}
