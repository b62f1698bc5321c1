package io.mybella.memory.export.web;

import io.mybella.memory.conversation.Conversation;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A line about a conversation. */
record ConversationLine(
    String type,
    UUID id,
    @Nullable String title,
    Instant startedAt,
    Instant lastMessageAt,
    @Nullable Instant endedAt,
    long messageCount,
    long tokensUsed,
    @Nullable String summary,
    List<String> keyTopics,
    @Nullable String userMood,
    List<String> importantFacts,
    @Nullable Instant summarisedAt) {

  static ConversationLine of(Conversation conversation) {
    return new ConversationLine(
        "conversation",
        conversation.id(),
        conversation.title(),
        conversation.startedAt(),
        conversation.lastMessageAt(),
        conversation.endedAt(),
        conversation.messageCount(),
        conversation.tokensUsed(),
        conversation.summary(),
        conversation.keyTopics(),
        conversation.userMood(),
        conversation.importantFacts(),
        conversation.summarisedAt());
  }
}
