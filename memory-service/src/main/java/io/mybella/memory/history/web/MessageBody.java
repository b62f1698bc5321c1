package io.mybella.memory.history.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.mybella.memory.history.Message;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message as it is shown. */
public record MessageBody(
    UUID id,
    UUID conversationId,
    String role,
    String content,
    Instant createdAt,
    @Nullable String model,
    @Nullable Integer tokens,
    @Nullable String clientMessageId,
    @Nullable UUID inReplyTo,
    @JsonRawValue @Nullable String metadata,
    @Nullable Instant editedAt) {

  /** Shows a message. */
  public static MessageBody of(Message message) {
    return new MessageBody(
        message.id(),
        message.conversationId(),
        message.role().text(),
        message.content(),
        message.createdAt(),
        message.model(),
        message.tokens(),
        message.clientMessageId(),
        message.inReplyTo(),
        message.metadata(),
        message.editedAt());
  }
}
