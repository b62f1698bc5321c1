package io.mybella.memory.history.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.pair.PairId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The opaque cursor of a page: an id, and a checksum by which a cursor of another history is
 * recognised. It protects nothing, since row-level security does that; it only makes a mistake
 * visible.
 */
final class Cursor {

  private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

  private Cursor() {}

  static String write(PairId pair, UUID id) {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .putInt(checksum(pair, id))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Reads a cursor of this history.
   *
   * @param parameter what it was given as
   * @throws Problem 400 when it is none
   */
  static UUID read(PairId pair, String parameter, String cursor) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException malformed) {
      throw rejected(parameter);
    }
    if (bytes.length != BYTES) {
      throw rejected(parameter);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    UUID id = new UUID(buffer.getLong(), buffer.getLong());
    if (buffer.getInt() != checksum(pair, id)) {
      throw rejected(parameter);
    }
    return id;
  }

  private static Problem rejected(String parameter) {
    return Problem.badRequest(parameter + " is not a cursor of this history")
        .withError(parameter, "must be the next_" + parameter + " of a page of this history");
  }

  private static int checksum(PairId pair, UUID id) {
    var checksum = new CRC32C();
    checksum.update(
        ByteBuffer.allocate(4 * Long.BYTES)
            .putLong(pair.userId())
            .putLong(pair.personaId())
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array());
    return (int) checksum.getValue();
  }
}
