package io.mybella.memory.history.web;

import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A message as a client sends it. */
record NewMessageBody(
    @NotNull
        @Pattern(regexp = "user|assistant|system", message = "must be user, assistant or system")
        String role,
    @NotNull @PlainText(max = 32_000) String content,
    @PlainText(max = 100) @Nullable String clientMessageId,
    @PlainText(max = 100) @Nullable String model,
    @PositiveOrZero @Nullable Integer tokens,
    @PlainText(max = 8_000) @Nullable ObjectNode metadata) {

  NewMessage toMessage(@Nullable String idempotencyKey) {
    return new NewMessage(
        Role.of(role),
        content,
        model,
        tokens,
        clientMessageId,
        idempotencyKey,
        metadata == null ? null : metadata.toString());
  }
}
