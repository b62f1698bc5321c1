package io.mybella.operator.legacy;

import io.mybella.operator.legacy.UnreadableFile.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The first page of a file, judged before SQLite sees it: for an answer that says what it is. */
final class FileHeader {

  /** How much of the beginning is judged. */
  static final int LENGTH = 4096;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);

  // Places in the header: https://sqlite.org/fileformat.html#the_database_header
  private static final int READ_VERSION = 19;
  private static final int SCHEMA_FORMAT = 47;

  private static final int NEWEST_READ_VERSION = 2;
  private static final int NEWEST_SCHEMA_FORMAT = 4;

  /** Bits for each byte: random bytes have nearly 8 (7.95 in a page), texts and tables below 7. */
  private static final double RANDOM = 7.5;

  private FileHeader() {}

  static void check(Path file, byte[] beginning) throws UnreadableFile {
    if (beginning.length == 0) {
      throw new UnreadableFile(Kind.FOREIGN, file + " is empty");
    }
    if (!startsWithMagic(beginning)) {
      throw beginning.length == LENGTH && entropy(beginning) > RANDOM
          ? new UnreadableFile(
              Kind.ENCRYPTED,
              file
                  + " is encrypted (or no SQLite file at all): decrypt it first, with the program"
                  + " that encrypted it")
          : new UnreadableFile(Kind.FOREIGN, file + " is not an SQLite file");
    }
    if (beginning.length < 100) {
      throw new UnreadableFile(Kind.DAMAGED, file + " ends in the middle of its header");
    }
    if (beginning[READ_VERSION] > NEWEST_READ_VERSION
        || beginning[SCHEMA_FORMAT] > NEWEST_SCHEMA_FORMAT) {
      throw new UnreadableFile(
          Kind.NEWER, file + " is of a version of SQLite that is newer than the one in here");
    }
  }

  private static boolean startsWithMagic(byte[] beginning) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= beginning.length || beginning[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static double entropy(byte[] bytes) {
    int[] counts = new int[256];
    for (byte each : bytes) {
      counts[each & 0xff]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / bytes.length;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return bits;
  }
}
