package io.mybella.memory.fact;

import io.mybella.contracts.TextLimits;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value that a preference has or had.
 *
 * @param value 1 to {@value TextLimits#PREFERENCE_VALUE} characters
 * @param confidence 0 to 1: when it was last confirmed, or when it was asked for
 * @param learnedFrom the message that it was learned from, and goes with
 * @param timesObserved how often it was learned, at least once
 * @param validUntil null for the value that the preference has now
 * @param withdrawn whether it ended without a successor
 */
public record Fact(
    UUID id,
    FactName name,
    String value,
    Source source,
    double confidence,
    @Nullable UUID learnedFrom,
    Instant firstObserved,
    Instant lastConfirmed,
    int timesObserved,
    Instant validFrom,
    @Nullable Instant validUntil,
    boolean withdrawn) {

  /** The same, at its end. */
  Fact ended(Instant at, boolean withdrawnThen) {
    return new Fact(
        id,
        name,
        value,
        source,
        confidence,
        learnedFrom,
        firstObserved,
        lastConfirmed,
        timesObserved,
        validFrom,
        at,
        withdrawnThen);
  }

  /** The same, as often and as late confirmed as another application says. */
  Fact asLearned(TakenOver learned) {
    Instant last = learned.lastConfirmed();
    return new Fact(
        id,
        name,
        value,
        source,
        confidence,
        learnedFrom,
        firstObserved,
        validUntil == null || last.isBefore(validUntil) ? last : validUntil,
        learned.timesObserved(),
        validFrom,
        validUntil,
        withdrawn);
  }

  /** Up to when it was known to hold. */
  Instant end() {
    return validUntil == null ? lastConfirmed : validUntil;
  }
}
