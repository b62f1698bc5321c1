package io.mybella.voice.inspection;

import java.time.Duration;

/**
 * MPEG audio, layer III: tags, then frames that follow each other without a gap. The duration is
 * counted in frames; what a header claims about it does not matter. (ISO 11172-3, 2.4.1.3; ID3v2.4
 * structure, 3.1)
 */
final class Mp3Structure {

  private static final int[][] KILOBITS = {
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}, // MPEG-1
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160} // MPEG-2 and 2.5
  };

  private static final int[][] RATES = {
    {44_100, 48_000, 32_000}, {22_050, 24_000, 16_000}, {11_025, 12_000, 8_000}
  };

  /** Fewer frames prove nothing: random bytes can look like one or two. */
  private static final int FEWEST_FRAMES = 4;

  private Mp3Structure() {}

  static Duration duration(Bytes file) throws MalformedSoundException {
    int at = afterTags(file);
    int rate = 0;
    long samples = 0;
    int frames = 0;
    while (at + 4 <= file.length() && file.u8(at) == 0xff && (file.u8(at + 1) & 0xe0) == 0xe0) {
      Frame frame = frame(file, at);
      if (rate != 0 && rate != frame.rate) {
        throw new MalformedSoundException("MP3 frames of different rates");
      }
      rate = frame.rate;
      samples += frame.samples;
      frames++;
      at += frame.length;
    }
    if (frames < FEWEST_FRAMES || !isTrailer(file, at)) {
      throw new MalformedSoundException("MP3 frames end after " + frames);
    }
    return Bytes.duration(samples, rate);
  }

  private static int afterTags(Bytes file) throws MalformedSoundException {
    int at = 0;
    while (file.has(at, "ID3")) {
      long size = 0;
      for (int i = 6; i < 10; i++) {
        if (file.u8(at + i) > 0x7f) {
          throw new MalformedSoundException("malformed ID3 size");
        }
        size = size << 7 | file.u8(at + i);
      }
      boolean footer = (file.u8(at + 5) & 0x10) != 0;
      long next = at + 10 + size + (footer ? 10 : 0);
      if (next > file.length()) {
        throw new MalformedSoundException("ID3 tag longer than the file");
      }
      at = (int) next;
    }
    while (at < file.length() && file.u8(at) == 0) {
      at++; // Encoders pad tags.
    }
    return at;
  }

  private static Frame frame(Bytes file, int at) throws MalformedSoundException {
    int version = file.u8(at + 1) >> 3 & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    int layer = file.u8(at + 1) >> 1 & 3; // 1: layer III
    int bitrate = file.u8(at + 2) >> 4;
    int rateIndex = file.u8(at + 2) >> 2 & 3;
    int padding = file.u8(at + 2) >> 1 & 1;
    if (version == 1 || layer != 1 || bitrate == 0 || bitrate == 15 || rateIndex == 3) {
      throw new MalformedSoundException("malformed MP3 frame");
    }
    boolean mpeg1 = version == 3;
    int rate = RATES[mpeg1 ? 0 : version == 2 ? 1 : 2][rateIndex];
    int samples = mpeg1 ? 1152 : 576;
    int length = samples / 8 * KILOBITS[mpeg1 ? 0 : 1][bitrate] * 1000 / rate + padding;
    return new Frame(rate, samples, length);
  }

  /** At the end a frame may be cut, and tags or padding may follow. */
  private static boolean isTrailer(Bytes file, int at) {
    if (at >= file.length()
        || file.has(at, "TAG")
        || file.has(at, "APETAGEX")
        || file.has(at, "ID3")
        || file.has(at, "LYRICSBEGIN")) {
      return true;
    }
    for (int i = at; i < file.length(); i++) {
      if (file.u8(i) != 0) {
        return file.length() - i == 128 && file.has(i, "TAG");
      }
    }
    return true;
  }

  private record Frame(int rate, int samples, int length) {}
}
