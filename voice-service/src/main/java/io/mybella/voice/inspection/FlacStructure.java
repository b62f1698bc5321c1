package io.mybella.voice.inspection;

import java.time.Duration;

/** FLAC: metadata blocks, the first of which describes the stream, then frames. (RFC 9639, 6-9) */
final class FlacStructure {

  private FlacStructure() {}

  static Duration duration(Bytes file) throws MalformedSoundException {
    if (!file.has(0, "fLaC") || (file.u8(4) & 0x7f) != 0 || file.u24(5) != 34) {
      throw new MalformedSoundException("FLAC without its description");
    }
    int rate = file.u24(18) >> 4;
    long samples = (long) (file.u8(21) & 0x0f) << 32 | file.u32(22);
    int at = 4;
    boolean last = false;
    while (!last) {
      last = (file.u8(at) & 0x80) != 0;
      at += 4 + file.u24(at + 1);
    }
    if (file.u8(at) != 0xff || (file.u8(at + 1) & 0xfe) != 0xf8) {
      throw new MalformedSoundException("no FLAC frame after the metadata");
    }
    if (samples == 0) {
      throw new MalformedSoundException("FLAC of unknown length");
    }
    return Bytes.duration(samples, rate);
  }
}
