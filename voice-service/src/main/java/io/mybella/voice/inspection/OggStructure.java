package io.mybella.voice.inspection;

/**
 * Ogg: pages that follow each other without a gap, of one stream of Vorbis, Opus or FLAC. How long
 * it is the last page tells, and nothing proves it. (RFC 3533, 6; RFC 7845, 5.1; Vorbis I, 4.2.2)
 */
final class OggStructure {

  private OggStructure() {}

  static void check(Bytes file) throws MalformedSoundException {
    long serial = -1;
    int at = 0;
    int pages = 0;
    while (at < file.length()) {
      if (!file.has(at, "OggS") || file.u8(at + 4) != 0) {
        throw new MalformedSoundException("no Ogg page where one must be");
      }
      int segments = file.u8(at + 26);
      int body = at + 27 + segments;
      int size = 0;
      for (int i = 0; i < segments; i++) {
        size += file.u8(at + 27 + i);
      }
      if (body + size > file.length()) {
        throw new MalformedSoundException("cut Ogg page");
      }
      if (pages == 0) {
        serial = file.u32le(at + 14);
        if (!isSound(file, body)) {
          throw new MalformedSoundException("no sound in the Ogg file");
        }
      } else if (file.u32le(at + 14) != serial) {
        throw new MalformedSoundException("several streams in one Ogg file");
      }
      at = body + size;
      pages++;
    }
    if (pages < 2) {
      throw new MalformedSoundException("Ogg without sound");
    }
  }

  private static boolean isSound(Bytes file, int packet) {
    return file.has(packet, "\u0001vorbis")
        || file.has(packet, "OpusHead")
        || (file.has(packet, "\u007fFLAC") && file.has(packet + 9, "fLaC"));
  }
}
