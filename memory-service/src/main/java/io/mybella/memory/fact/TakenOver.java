package io.mybella.memory.fact;

import java.time.Instant;
import java.util.Optional;

/**
 * What another application had learned.
 *
 * @param name what it is called here
 * @param renamed whether it was called otherwise there
 * @param confidence 0 to 1
 * @param timesObserved at least once
 */
public record TakenOver(
    FactName name,
    boolean renamed,
    String value,
    double confidence,
    Instant firstObserved,
    Instant lastConfirmed,
    int timesObserved) {

  /** The order of the times, whatever was said of them. */
  public TakenOver {
    lastConfirmed = lastConfirmed.isBefore(firstObserved) ? firstObserved : lastConfirmed;
  }

  /**
   * The name that comes next to one that may not be given here.
   *
   * @return empty when nothing is left of it
   */
  public static Optional<FactName> nearest(String category, String key) {
    return FactName.of(category, key)
        .or(() -> FactName.of(mended(category, "general"), mended(key, "")));
  }

  private static String mended(String text, String otherwise) {
    String mended = text.replaceAll("[/\\\\;%]", " ").strip();
    return mended.isEmpty() || mended.equals(".") || mended.equals("..") ? otherwise : mended;
  }
}
