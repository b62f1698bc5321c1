package io.mybella.memory.recall;

import io.mybella.memory.history.Message;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that bears on a question.
 *
 * @param score how much; comparable within one recall
 * @param reasons what each signal has contributed to it, by name
 * @param before the message before it in the same conversation, where that was asked for and there
 *     is one; likewise the one after it
 */
public record Recalled(
    Message message,
    float score,
    Map<String, Float> reasons,
    @Nullable Message before,
    @Nullable Message after) {}
