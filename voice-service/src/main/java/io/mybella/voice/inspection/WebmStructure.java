package io.mybella.voice.inspection;

/**
 * WebM: the header names it, and one segment holds the rest. Recorders leave the lengths of what is
 * inside open, so there is no more to walk through. (RFC 8794, 11.2; RFC 9559, 4)
 */
final class WebmStructure {

  private static final long EBML = 0x1a45dfa3L;
  private static final long SEGMENT = 0x18538067L;

  private static final int NAME = 0x4282;
  private static final int LONGEST_HEADER = 1024;

  private WebmStructure() {}

  static void check(Bytes file) throws MalformedSoundException {
    int lengthOfLength = Integer.numberOfLeadingZeros(file.u8(4) << 24 | 1) + 1;
    long length = file.u8(4) & (0xff >> Math.min(lengthOfLength, 8));
    for (int i = 1; i < lengthOfLength; i++) {
      length = length << 8 | file.u8(4 + i);
    }
    int from = 4 + lengthOfLength;
    if (file.u32(0) != EBML
        || lengthOfLength > 8
        || length > LONGEST_HEADER
        || file.u32(from + (int) length) != SEGMENT) {
      throw new MalformedSoundException("no WebM header and segment");
    }
    for (int at = from; at < from + length; at++) {
      if (file.u16(at) == NAME && (file.has(at + 3, "webm") || file.has(at + 3, "matroska"))) {
        return;
      }
    }
    throw new MalformedSoundException("neither WebM nor Matroska");
  }
}
