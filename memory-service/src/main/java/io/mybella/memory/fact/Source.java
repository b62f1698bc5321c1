package io.mybella.memory.fact;

import java.util.Locale;

/** How something was learned. */
public enum Source {
  /** In the user's own words. */
  TOLD(0.9, true),
  /** A model found it in what was said. */
  INFERRED(0.6, false),
  /** By hand. */
  SET(1.0, true),
  /** Another application had learned it. */
  IMPORTED(0.6, false);

  private final double confidence;
  private final boolean ofUser;

  Source(double confidence, boolean ofUser) {
    this.confidence = confidence;
    this.ofUser = ofUser;
  }

  /** How sure it is at first, unless the observation says it: 0 to 1. */
  public double confidence() {
    return confidence;
  }

  /** Whether the user said so, and no program concluded it. What was concluded fades. */
  public boolean isOfUser() {
    return ofUser;
  }

  /** The one of two sources that counts for more. */
  Source or(Source other) {
    return confidence >= other.confidence ? this : other;
  }

  /** The name in JSON and in the database. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The source of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Source of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
