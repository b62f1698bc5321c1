package io.mybella.memory.history.web;

import io.mybella.contracts.TextLimits;
import io.mybella.memory.history.MessageBatches;
import io.mybella.memory.history.NewBatch;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages as a client sends them at once. */
record NewBatchBody(
    @NotNull @Size(min = 1, max = MessageBatches.MOST) List<@NotNull @Valid Each> messages) {

  /** One of them. */
  record Each(
      @NotNull
          @Pattern(regexp = "user|assistant|system", message = "must be user, assistant or system")
          String role,
      @NotNull @PlainText(max = TextLimits.MESSAGE) String content,
      @PastOrPresent @Nullable Instant createdAt,
      @PlainText(max = TextLimits.CLIENT_MESSAGE_ID) @Nullable String clientMessageId,
      @PlainText(max = 100) @Nullable String model,
      @PositiveOrZero @Nullable Integer tokens,
      @Metadata.Bounded @Nullable Metadata metadata) {

    NewMessage toMessage() {
      return new NewMessage(
          Role.of(role),
          content,
          model,
          tokens,
          clientMessageId,
          null,
          null,
          metadata == null ? null : metadata.json());
    }

    @AssertTrue(message = "created_at must not be before 1970")
    boolean isAfterTheBeginning() {
      return createdAt == null || !createdAt.isBefore(Instant.EPOCH);
    }
  }

  @AssertTrue(message = "either all of the messages have a created_at, or none has")
  boolean isOfOneTime() {
    return given().stream().map(each -> each.createdAt() == null).distinct().count() <= 1;
  }

  @AssertTrue(message = "no two messages can have the same client_message_id")
  boolean isWithoutRepetition() {
    Set<String> seen = new HashSet<>();
    return given().stream().map(Each::clientMessageId).filter(Objects::nonNull).allMatch(seen::add);
  }

  private List<Each> given() {
    return messages == null ? List.of() : messages.stream().filter(Objects::nonNull).toList();
  }

  NewBatch toBatch(@Nullable String idempotencyKey) {
    return new NewBatch(
        messages.stream().map(Each::toMessage).toList(),
        messages.getFirst().createdAt() == null
            ? null
            : messages.stream()
                .map(
                    each -> Objects.requireNonNull(each.createdAt()).truncatedTo(ChronoUnit.MICROS))
                .toList(),
        idempotencyKey);
  }
}
