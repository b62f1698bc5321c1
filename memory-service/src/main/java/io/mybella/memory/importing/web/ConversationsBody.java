package io.mybella.memory.importing.web;

import io.mybella.chassis.operator.RowResults;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.Recollection;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.importing.ConversationRow;
import io.mybella.memory.pair.PairId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was noted of conversations of one pair, as the importer sends it. */
record ConversationsBody(
    @Nullable @Pattern(regexp = RowResults.SOURCE) String source,
    @Positive long userId,
    @Positive long personaId,
    @NotNull @Size(min = 1, max = RowResults.MOST) List<@NotNull @Valid Each> rows) {

  /** Of one conversation; how many messages and tokens it had, its messages say themselves. */
  record Each(
      @NotNull @Pattern(regexp = RowResults.KEY) String key,
      @PastOrPresent @Nullable Instant startedAt,
      @PastOrPresent @Nullable Instant lastUpdated,
      @PlainText(min = 0, max = LONGEST) @Nullable String summary,
      @Nullable @Size(max = MOST)
          List<@NotNull @PlainText(min = 0, max = LONGEST) String> keyTopics,
      @PlainText(min = 0, max = LONGEST) @Nullable String userMood,
      @Nullable @Size(max = MOST)
          List<@NotNull @PlainText(min = 0, max = LONGEST) String> importantFacts) {

    private static final int LONGEST = 100_000;
    private static final int MOST = 1_000;

    ConversationRow toRow() {
      Instant from = startedAt == null ? lastUpdated : startedAt;
      if (from == null || from.isBefore(Instant.EPOCH)) {
        throw Problem.badRequest("The request is not valid")
            .withError("started_at", "is needed, or last_updated, and not before 1970");
      }
      return new ConversationRow(
          key,
          new Recollection(
              from,
              lastUpdated == null ? from : lastUpdated,
              summary,
              Objects.requireNonNullElse(keyTopics, List.of()),
              userMood,
              Objects.requireNonNullElse(importantFacts, List.of())));
    }
  }

  String sourceOrDefault() {
    return Objects.requireNonNullElse(source, RowResults.DEFAULT_SOURCE);
  }

  PairId pair() {
    return new PairId(userId, personaId);
  }

  List<ConversationRow> toRows() {
    RowResults.requireOnce(rows.stream().map(Each::key).toList());
    return rows.stream().map(Each::toRow).toList();
  }
}
