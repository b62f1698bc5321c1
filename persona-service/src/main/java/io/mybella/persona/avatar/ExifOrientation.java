package io.mybella.persona.avatar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The one thing of a photo's metadata that must be known before the metadata is thrown away: how
 * the camera was held (Exif 2.32, tag 0x0112). Without it portraits would lie on their side.
 */
final class ExifOrientation {

  private static final byte[] EXIF = "Exif\0\0".getBytes(ISO_8859_1);
  private static final int ORIENTATION = 0x0112;

  private ExifOrientation() {}

  /**
   * Looks into an APP1 segment; a segment that is none of Exif's or is broken says nothing.
   *
   * @param in stands behind the length of the segment and is left where it is
   * @param end where the segment ends
   */
  static OptionalInt of(ByteBuffer in, int end) {
    int start = in.position() + EXIF.length;
    if (end > in.limit() || end - start < 8) {
      return OptionalInt.empty();
    }
    ByteBuffer tiff = in.slice(in.position(), end - in.position());
    byte[] name = new byte[EXIF.length];
    tiff.get(name);
    if (!Arrays.equals(name, EXIF)) {
      return OptionalInt.empty();
    }
    return orientation(tiff.slice());
  }

  private static OptionalInt orientation(ByteBuffer tiff) {
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return OptionalInt.empty();
    }
    int entries = Short.toUnsignedInt(tiff.getShort(directory));
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if (entry + 12 > tiff.limit()) {
        return OptionalInt.empty();
      }
      if (Short.toUnsignedInt(tiff.getShort(entry)) == ORIENTATION) {
        int value = Short.toUnsignedInt(tiff.getShort(entry + 8));
        return value >= 1 && value <= 8 ? OptionalInt.of(value) : OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }
}
