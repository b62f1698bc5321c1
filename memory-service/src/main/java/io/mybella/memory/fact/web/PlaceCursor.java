package io.mybella.memory.fact.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.fact.FactPage.Place;
import io.mybella.memory.pair.PairId;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The opaque cursor of a page of preferences, with a checksum by which one of another list is
 * recognised. It protects nothing, since row-level security does that.
 */
final class PlaceCursor {

  private static final int PLACE = 4 * Long.BYTES;

  private PlaceCursor() {}

  static String write(PairId pair, boolean history, Place place) {
    byte[] bytes =
        ByteBuffer.allocate(PLACE + Integer.BYTES)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, place.asOf()))
            .putDouble(place.rank())
            .putLong(place.id().getMostSignificantBits())
            .putLong(place.id().getLeastSignificantBits())
            .array();
    ByteBuffer.wrap(bytes).putInt(PLACE, checksum(pair, history, bytes));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Reads a cursor of this list.
   *
   * @throws Problem 400 when it is none
   */
  static Place read(PairId pair, boolean history, String cursor) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException malformed) {
      throw rejected();
    }
    if (bytes.length != PLACE + Integer.BYTES) {
      throw rejected();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(PLACE) != checksum(pair, history, bytes)) {
      throw rejected();
    }
    try {
      Instant asOf = Instant.EPOCH.plus(buffer.getLong(), ChronoUnit.MICROS);
      return new Place(asOf, buffer.getDouble(), new UUID(buffer.getLong(), buffer.getLong()));
    } catch (DateTimeException forged) {
      throw rejected();
    }
  }

  private static Problem rejected() {
    return Problem.badRequest("after is not a cursor of these preferences")
        .withError("after", "must be the next_after of a page of these preferences");
  }

  private static int checksum(PairId pair, boolean history, byte[] place) {
    var checksum = new CRC32C();
    checksum.update(
        ByteBuffer.allocate(2 * Long.BYTES + 1)
            .putLong(pair.userId())
            .putLong(pair.personaId())
            .put((byte) (history ? 1 : 0))
            .array());
    checksum.update(place, 0, PLACE);
    return (int) checksum.getValue();
  }
}
