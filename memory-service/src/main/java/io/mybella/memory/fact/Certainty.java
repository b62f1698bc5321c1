package io.mybella.memory.fact;

import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * How sure something is. It becomes surer each time it is confirmed. What a program concluded loses
 * half of it, down to a rest, within each half-life without confirmation; what the user said is as
 * sure as ever.
 */
@Component
class Certainty {

  /** What is left at last. */
  private static final double REST = 0.1;

  /** By then nothing but the rest is left, and less could not be computed. */
  private static final int HALVINGS = 64;

  /** How much of the doubt a confirmation leaves. */
  private static final double DOUBT_LEFT = 0.5;

  /**
   * The same as {@link #at}, of a row; reads the parameters {@code as_of} and {@code half_life}.
   */
  static final String SQL =
      """
      LEAST(confidence, CASE WHEN source IN ('inferred', 'imported')
        THEN %1$s + (confidence - %1$s) * power(0.5::double precision, LEAST(%2$d, GREATEST(0,
          EXTRACT(EPOCH FROM :as_of::timestamptz - last_confirmed)::double precision
            / :half_life::double precision)))
        ELSE confidence END)
      """
          .formatted(REST, HALVINGS);

  private final FactProperties properties;

  Certainty(FactProperties properties) {
    this.properties = properties;
  }

  /** The parameter {@code half_life} of {@link #SQL}. */
  double halfLifeSeconds() {
    return properties.halfLife().toMillis() / 1_000.0;
  }

  /** How sure a fact is at a time, if nothing confirms it until then. */
  double at(Fact fact, Instant time) {
    if (fact.source().isOfUser()) {
      return fact.confidence();
    }
    double age = Duration.between(fact.lastConfirmed(), time).toMillis() / 1_000.0;
    double halvings = Math.clamp(age / halfLifeSeconds(), 0.0, HALVINGS);
    double left = REST + (fact.confidence() - REST) * Math.pow(0.5, halvings);
    return Math.min(fact.confidence(), left);
  }

  /** How sure it is once it is confirmed. */
  static double confirmed(double before, double confirmation) {
    return Math.max(confirmation, 1 - (1 - before) * DOUBT_LEFT);
  }
}
