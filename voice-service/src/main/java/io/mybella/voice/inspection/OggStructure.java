package io.mybella.voice.inspection;

import java.time.Duration;

/**
 * Ogg: pages that follow each other without a gap, of one stream of Vorbis, Opus or FLAC. (RFC
 * 3533, 6; RFC 7845, 5.1; Vorbis I, 4.2.2)
 */
final class OggStructure {

  private static final int OPUS_RATE = 48_000;

  private OggStructure() {}

  static Duration duration(Bytes file) throws MalformedSoundException {
    long rate = 0;
    long serial = -1;
    long skipped = 0;
    long lastSample = 0;
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
        rate = rate(file, body);
        skipped = file.has(body, "OpusHead") ? file.u16le(body + 10) : 0;
      } else if (file.u32le(at + 14) != serial) {
        throw new MalformedSoundException("several streams in one Ogg file");
      }
      long granule = file.i64le(at + 6);
      if (granule > lastSample) {
        lastSample = granule;
      }
      at = body + size;
      pages++;
    }
    if (pages < 2) {
      throw new MalformedSoundException("Ogg without sound");
    }
    return Bytes.duration(Math.max(0, lastSample - skipped), rate);
  }

  private static long rate(Bytes file, int packet) throws MalformedSoundException {
    if (file.has(packet, "\u0001vorbis")) {
      return file.u32le(packet + 12);
    }
    if (file.has(packet, "OpusHead")) {
      return OPUS_RATE;
    }
    if (file.has(packet, "\u007fFLAC") && file.has(packet + 9, "fLaC")) {
      return file.u24(packet + 27) >> 4;
    }
    throw new MalformedSoundException("no sound in the Ogg file");
  }
}
