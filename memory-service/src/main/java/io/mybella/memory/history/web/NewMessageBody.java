package io.mybella.memory.history.web;

import io.mybella.contracts.TextLimits;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message as a client sends it. */
record NewMessageBody(
    @NotNull
        @Pattern(regexp = "user|assistant|system", message = "must be user, assistant or system")
        String role,
    @NotNull @PlainText(max = TextLimits.MESSAGE) String content,
    @PlainText(max = TextLimits.CLIENT_MESSAGE_ID) @Nullable String clientMessageId,
    @Nullable UUID inReplyTo,
    @PlainText(max = 100) @Nullable String model,
    @PositiveOrZero @Nullable Integer tokens,
    @Metadata.Bounded @Nullable Metadata metadata) {

  NewMessage toMessage(@Nullable String idempotencyKey) {
    return new NewMessage(
        Role.of(role),
        content,
        model,
        tokens,
        clientMessageId,
        idempotencyKey,
        inReplyTo,
        metadata == null ? null : metadata.json());
  }
}
