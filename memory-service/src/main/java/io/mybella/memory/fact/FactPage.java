package io.mybella.memory.fact;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some of what a persona has learned.
 *
 * @param facts with their confidence of this moment
 * @param next where the next page begins; null when there is none
 */
public record FactPage(List<Fact> facts, @Nullable Place next) {

  /**
   * A place between two facts.
   *
   * @param asOf the moment whose confidences the order of the pages is about
   * @param rank of the last fact, as it was ordered
   * @param id of the last fact
   */
  public record Place(Instant asOf, double rank, UUID id) {}
}
