package io.mybella.memory.history.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.pair.PairId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The opaque cursor of a page: the place where the page is, as a few numbers, and a checksum by
 * which a cursor of another history is recognised. It protects nothing, since row-level security
 * does that; it only makes a mistake visible.
 */
public final class Cursor {

  private Cursor() {}

  /** Writes the place of a message. */
  public static String write(PairId pair, UUID id) {
    return write(pair, id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** Writes a place in a list of another kind, told apart by how many numbers it takes. */
  public static String write(PairId pair, long... place) {
    ByteBuffer bytes = ByteBuffer.allocate(bytes(place.length));
    for (long each : place) {
      bytes.putLong(each);
    }
    bytes.putInt(checksum(pair, place));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  private static int bytes(int numbers) {
    return numbers * Long.BYTES + Integer.BYTES;
  }

  /**
   * Reads the place of a message of this history.
   *
   * @param parameter what it was given as
   * @throws Problem 400 when it is none
   */
  static UUID read(PairId pair, String parameter, String cursor) {
    long[] id = read(pair, parameter, cursor, 2);
    return new UUID(id[0], id[1]);
  }

  /**
   * Reads a place of this history.
   *
   * @param parameter what it was given as
   * @param numbers how many numbers it takes
   * @throws Problem 400 when it is none
   */
  public static long[] read(PairId pair, String parameter, String cursor, int numbers) {
    return find(pair, cursor, numbers).orElseThrow(() -> rejected(parameter));
  }

  /**
   * The place that a cursor of this history tells; empty when it is none.
   *
   * @param numbers how many numbers it takes
   */
  public static Optional<long[]> find(PairId pair, String cursor, int numbers) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
    if (bytes.length != bytes(numbers)) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long[] place = new long[numbers];
    for (int i = 0; i < numbers; i++) {
      place[i] = buffer.getLong();
    }
    return buffer.getInt() == checksum(pair, place) ? Optional.of(place) : Optional.empty();
  }

  private static Problem rejected(String parameter) {
    return Problem.badRequest(parameter + " is not a cursor of this history")
        .withError(parameter, "must be the next_" + parameter + " of a page of this history");
  }

  private static int checksum(PairId pair, long... place) {
    ByteBuffer bytes =
        ByteBuffer.allocate((2 + place.length) * Long.BYTES)
            .putLong(pair.userId())
            .putLong(pair.personaId());
    for (long each : place) {
      bytes.putLong(each);
    }
    var checksum = new CRC32C();
    checksum.update(bytes.array());
    return (int) checksum.getValue();
  }
}
