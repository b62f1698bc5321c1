package io.mybella.memory.conversation.web;

import io.mybella.memory.conversation.Conversation;
import io.mybella.memory.history.web.Cursor;
import io.mybella.memory.pair.PairId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it is shown.
 *
 * @param messagesAfter the cursor of the page of messages that begins with this conversation
 */
record ConversationBody(
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
    @Nullable Instant summarisedAt,
    @Nullable String messagesAfter) {

  static ConversationBody of(PairId pair, Conversation conversation) {
    return new ConversationBody(
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
        conversation.summarisedAt(),
        cursor(pair, conversation.firstMessageId()));
  }

  /** It goes on to work when that message is gone. */
  private static @Nullable String cursor(PairId pair, @Nullable UUID first) {
    return first == null ? null : Cursor.write(pair, before(first));
  }

  private static UUID before(UUID id) {
    long low = id.getLeastSignificantBits();
    return new UUID(id.getMostSignificantBits() - (low == 0 ? 1 : 0), low - 1);
  }
}
