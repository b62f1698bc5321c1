package io.mybella.memory.fact.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.fact.FactPage.Place;
import io.mybella.memory.history.web.Cursor;
import io.mybella.memory.pair.PairId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** The opaque cursor of a page of preferences, of those that hold or with history. */
final class PlaceCursor {

  private static final int NUMBERS = 5;

  private PlaceCursor() {}

  static String write(PairId pair, boolean history, Place place) {
    return Cursor.write(
        pair,
        list(history),
        ChronoUnit.MICROS.between(Instant.EPOCH, place.asOf()),
        Double.doubleToLongBits(place.rank()),
        place.id().getMostSignificantBits(),
        place.id().getLeastSignificantBits());
  }

  /**
   * Reads a cursor of this list.
   *
   * @throws Problem 400 when it is none
   */
  static Place read(PairId pair, boolean history, String cursor) {
    return Cursor.find(pair, cursor, NUMBERS)
        .filter(place -> place[0] == list(history))
        .map(
            place ->
                new Place(
                    Instant.EPOCH.plus(place[1], ChronoUnit.MICROS),
                    Double.longBitsToDouble(place[2]),
                    new UUID(place[3], place[4])))
        .orElseThrow(PlaceCursor::rejected);
  }

  /** Tells the two lists apart. */
  private static long list(boolean history) {
    return history ? 1 : 0;
  }

  private static Problem rejected() {
    return Problem.badRequest("after is not a cursor of these preferences")
        .withError("after", "must be the next_after of a page of these preferences");
  }
}
