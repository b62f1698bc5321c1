package io.mybella.memory.history;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is remembered. Nothing of it ever changes but its text.
 *
 * @param id UUIDv7: later messages have greater ids
 * @param conversationId the conversation that it is part of
 * @param content 1 to 32,000 characters
 * @param model what wrote a reply
 * @param tokens what it cost
 * @param clientMessageId the client's own id of it
 * @param inReplyTo the message that this one replies to; it may be gone
 * @param metadata a JSON object of the client
 * @param editedAt when the text was changed last
 */
public record Message(
    UUID id,
    UUID conversationId,
    Role role,
    String content,
    Instant createdAt,
    @Nullable String model,
    @Nullable Integer tokens,
    @Nullable String clientMessageId,
    @Nullable UUID inReplyTo,
    @Nullable String metadata,
    @Nullable Instant editedAt) {

  /** What was said in it. */
  Said said() {
    return new Said(id, role, content, createdAt);
  }
}
