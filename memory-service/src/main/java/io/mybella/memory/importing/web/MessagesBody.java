package io.mybella.memory.importing.web;

import io.mybella.chassis.operator.RowResults;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.history.Role;
import io.mybella.memory.history.web.Metadata;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.importing.MessageRow;
import io.mybella.memory.pair.PairId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Messages of one pair as the importer sends them. */
record MessagesBody(
    @Nullable @Pattern(regexp = RowResults.SOURCE) String source,
    @Positive long userId,
    @Positive long personaId,
    @NotNull @Size(min = 1, max = RowResults.MOST) List<@NotNull @Valid Each> rows) {

  /** One of them. */
  record Each(
      @NotNull @Pattern(regexp = RowResults.KEY) @Size(max = LONGEST_KEY) String key,
      @NotNull
          @Pattern(regexp = "user|assistant|system", message = "must be user, assistant or system")
          String role,
      @NotNull @PlainText(max = TextLimits.MESSAGE) String content,
      @NotNull @PastOrPresent Instant createdAt,
      @PlainText(max = 100) @Nullable String model,
      @PositiveOrZero @Nullable Integer tokens,
      @Metadata.Bounded @Nullable Metadata metadata) {

    /** With the longest name of an installation it is as long as an id of a message may be. */
    private static final int LONGEST_KEY = TextLimits.CLIENT_MESSAGE_ID - 41;

    MessageRow toRow() {
      return new MessageRow(
          key,
          Role.of(role),
          content,
          model,
          tokens,
          metadata == null ? null : metadata.json(),
          createdAt.truncatedTo(ChronoUnit.MICROS));
    }

    @AssertTrue(message = "created_at must not be before 1970")
    boolean isAfterTheBeginning() {
      return createdAt == null || !createdAt.isBefore(Instant.EPOCH);
    }
  }

  String sourceOrDefault() {
    return Objects.requireNonNullElse(source, RowResults.DEFAULT_SOURCE);
  }

  PairId pair() {
    return new PairId(userId, personaId);
  }

  List<MessageRow> toRows() {
    RowResults.requireOnce(rows.stream().map(Each::key).toList());
    return rows.stream().map(Each::toRow).toList();
  }
}
