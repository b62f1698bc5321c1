package io.mybella.memory.fact.web;

import io.mybella.memory.fact.Fact;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value of a preference as it is shown.
 *
 * @param source told, inferred, set or imported
 * @param learnedFrom id of the message it was learned from
 * @param validUntil null for the value that it has now
 */
public record PreferenceBody(
    String category,
    String key,
    String value,
    double confidence,
    String source,
    @Nullable UUID learnedFrom,
    Instant firstObserved,
    Instant lastConfirmed,
    int timesObserved,
    Instant validFrom,
    @Nullable Instant validUntil) {

  /** Shows a fact. */
  public static PreferenceBody of(Fact fact) {
    return new PreferenceBody(
        fact.name().category(),
        fact.name().key(),
        fact.value(),
        fact.confidence(),
        fact.source().text(),
        fact.learnedFrom(),
        fact.firstObserved(),
        fact.lastConfirmed(),
        fact.timesObserved(),
        fact.validFrom(),
        fact.validUntil());
  }
}
