package io.mybella.memory.export.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.mybella.memory.history.Message;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line about a message, as {@code POST …/messages/batch} takes it back; what that does not know
 * it ignores.
 *
 * @param clientMessageId the message's own id where the client gave none: whoever imports a line
 *     twice has it once
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageLine(
    String type,
    UUID id,
    UUID conversationId,
    String role,
    String content,
    Instant createdAt,
    @Nullable String model,
    @Nullable Integer tokens,
    String clientMessageId,
    @Nullable UUID inReplyTo,
    @JsonRawValue @Nullable String metadata,
    @Nullable Instant editedAt) {

  static MessageLine of(Message message) {
    return new MessageLine(
        "message",
        message.id(),
        message.conversationId(),
        message.role().text(),
        message.content(),
        message.createdAt(),
        message.model(),
        message.tokens(),
        Objects.requireNonNullElseGet(message.clientMessageId(), () -> message.id().toString()),
        message.inReplyTo(),
        message.metadata(),
        message.editedAt());
  }
}
