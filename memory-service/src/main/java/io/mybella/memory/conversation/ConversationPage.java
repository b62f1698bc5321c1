package io.mybella.memory.conversation;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of conversations.
 *
 * @param conversations the newest first
 * @param nextBefore where the next older page ends; null when this page is the oldest
 */
public record ConversationPage(List<Conversation> conversations, @Nullable Place nextBefore) {

  /** Copies the list. */
  public ConversationPage {
    conversations = List.copyOf(conversations);
  }

  /** The place of a conversation in the list: when it began, and its id where that is the same. */
  public record Place(Instant startedAt, UUID id) {}
}
