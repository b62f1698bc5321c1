package io.mybella.memory.fact;

import io.mybella.contracts.TextLimits;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something that bears on what a persona knows. */
public sealed interface Finding {

  /** When it was said. */
  Instant at();

  /**
   * Whether it was said at that time and others may have been said since. What is said now comes
   * after everything else, whatever the clock of this replica shows.
   */
  boolean past();

  /**
   * A preference has a value.
   *
   * @param value at most {@value TextLimits#PREFERENCE_VALUE} characters
   * @param confidence 0 to 1
   * @param learnedFrom the message that says so; null when there is none
   */
  record Observation(
      FactName name,
      String value,
      Source source,
      double confidence,
      @Nullable UUID learnedFrom,
      Instant at,
      boolean past)
      implements Finding {

    /**
     * An observation.
     *
     * @throws IllegalArgumentException when value or confidence are out of bounds
     */
    public Observation {
      if (value.isBlank()
          || value.codePointCount(0, value.length()) > TextLimits.PREFERENCE_VALUE) {
        throw new IllegalArgumentException("No value of a preference: " + value.length());
      }
      if (!(confidence >= 0 && confidence <= 1)) {
        throw new IllegalArgumentException("No confidence: " + confidence);
      }
    }
  }

  /**
   * The user wants something forgotten.
   *
   * @param words of the statement or of the key, as {@link Words#of} writes them, and of what else
   *     is meant by them
   * @param named name and value of what was said, when it is of something that has a name
   */
  record Withdrawal(Set<String> words, @Nullable Named named, Instant at, boolean past)
      implements Finding {

    /**
     * A value under its name.
     *
     * @param words of the value
     */
    public record Named(FactName name, String words) {}

    /** Whether exactly this fact is meant. */
    boolean means(Fact fact) {
      String value = Words.of(fact.value());
      // A single word is the value of something, not a statement.
      return (value.indexOf(' ') > 0 && words.contains(value))
          || words.contains(Words.of(fact.name().key()))
          || (named != null && named.name().equals(fact.name()) && named.words().equals(value));
    }
  }
}
