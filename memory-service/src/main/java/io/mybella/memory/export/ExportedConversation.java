package io.mybella.memory.export;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it is remembered.
 *
 * @param endedAt null while it goes on
 * @param summary null as long as there is none, and likewise the mood
 */
public record ExportedConversation(
    UUID id,
    Instant startedAt,
    Instant lastMessageAt,
    @Nullable Instant endedAt,
    long messageCount,
    long tokensUsed,
    @Nullable String summary,
    List<String> keyTopics,
    @Nullable String userMood,
    List<String> importantFacts) {}
