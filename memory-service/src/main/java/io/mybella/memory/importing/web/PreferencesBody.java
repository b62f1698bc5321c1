package io.mybella.memory.importing.web;

import io.mybella.chassis.operator.RowResults;
import io.mybella.chassis.problem.Problem;
import io.mybella.contracts.TextLimits;
import io.mybella.memory.fact.FactName;
import io.mybella.memory.fact.Source;
import io.mybella.memory.fact.TakenOver;
import io.mybella.memory.history.web.PlainText;
import io.mybella.memory.importing.PreferenceRow;
import io.mybella.memory.pair.PairId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Preferences of one pair as the importer sends them. */
record PreferencesBody(
    @Nullable @Pattern(regexp = RowResults.SOURCE) String source,
    @Positive long userId,
    @Positive long personaId,
    @NotNull @Size(min = 1, max = RowResults.MOST) List<@NotNull @Valid Each> rows) {

  /** One of them. */
  record Each(
      @NotNull @Pattern(regexp = RowResults.KEY) String key,
      @PlainText(max = TextLimits.PREFERENCE_CATEGORY) @Nullable String category,
      @NotBlank @PlainText(max = TextLimits.PREFERENCE_KEY) String name,
      @NotBlank @PlainText(max = TextLimits.PREFERENCE_VALUE) String value,
      @Nullable Double confidence,
      @PastOrPresent @Nullable Instant firstObserved,
      @PastOrPresent @Nullable Instant lastConfirmed,
      @Nullable Integer timesObserved) {

    PreferenceRow toRow(Clock clock) {
      String given = Objects.requireNonNullElse(category, "general");
      FactName found =
          TakenOver.nearest(given, name)
              .orElseThrow(
                  () ->
                      Problem.badRequest("The request is not valid")
                          .withError("name", "cannot be the name of a preference"));
      Instant now = clock.instant();
      Instant first = sensible(firstObserved, sensible(lastConfirmed, now));
      return new PreferenceRow(
          key,
          new TakenOver(
              found,
              FactName.of(given, name).isEmpty(),
              value,
              sureness(),
              first.truncatedTo(ChronoUnit.MICROS),
              sensible(lastConfirmed, first).truncatedTo(ChronoUnit.MICROS),
              timesObserved == null ? 1 : Math.max(1, timesObserved)));
    }

    private double sureness() {
      return confidence == null || confidence.isNaN()
          ? Source.IMPORTED.confidence()
          : Math.clamp(confidence, 0.0, 1.0);
    }

    private static Instant sensible(@Nullable Instant given, Instant otherwise) {
      return given == null || given.isBefore(Instant.EPOCH) ? otherwise : given;
    }
  }

  String sourceOrDefault() {
    return Objects.requireNonNullElse(source, RowResults.DEFAULT_SOURCE);
  }

  PairId pair() {
    return new PairId(userId, personaId);
  }

  List<PreferenceRow> toRows(Clock clock) {
    RowResults.requireOnce(rows.stream().map(Each::key).toList());
    return rows.stream().map(each -> each.toRow(clock)).toList();
  }
}
