package io.mybella.memory.search;

import io.mybella.memory.history.Message;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some of the messages that were found.
 *
 * @param next where the next page begins; null when there is none
 */
public record FoundPage(List<Found> found, @Nullable Place next) {

  /**
   * A message that was found.
   *
   * @param score how well it fits, 0 and more; comparable within one search
   * @param highlight parts of its text as HTML that has no element but {@code mark}
   */
  public record Found(Message message, float score, String highlight) {}

  /** Behind a message in the order of a search. */
  public record Place(float score, UUID id) {

    /** Before all of them. */
    static final Place FIRST = new Place(Float.POSITIVE_INFINITY, new UUID(-1L, -1L));
  }
}
