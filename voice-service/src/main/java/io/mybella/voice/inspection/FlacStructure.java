package io.mybella.voice.inspection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * FLAC: metadata blocks, the first of which describes the stream, then frames that follow each
 * other without a gap. The duration is counted in frames, each of which is proved by its checksums;
 * what the description claims about it does not matter. (RFC 9639, 6-9)
 */
final class FlacStructure {

  private static final int[] CRC8 = table(0x07, 8);
  private static final int[] CRC16 = table(0x8005, 16);

  /** Hertz by the code in a frame; 0 means "as described", the last three follow the header. */
  private static final int[] RATES = {
    0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
  };

  private final Bytes file;
  private final int rate;

  private FlacStructure(Bytes file, int rate) {
    this.file = file;
    this.rate = rate;
  }

  static Duration duration(Bytes file) throws MalformedSoundException {
    if (!file.has(0, "fLaC") || (file.u8(4) & 0x7f) != 0 || file.u24(5) != 34) {
      throw new MalformedSoundException("FLAC without its description");
    }
    int rate = file.u24(18) >> 4;
    int at = 4;
    boolean last = false;
    while (!last) {
      last = (file.u8(at) & 0x80) != 0;
      at += 4 + file.u24(at + 1);
    }
    // Some programs put a tag behind that belongs to MP3 files.
    int end = file.has(file.length() - 128, "TAG") ? file.length() - 128 : file.length();
    return Bytes.duration(new FlacStructure(file, rate).samples(at, end), rate);
  }

  private long samples(int from, int end) throws MalformedSoundException {
    long samples = 0;
    int at = from;
    while (at < end) {
      Frame frame = frame(at);
      if (frame == null) {
        throw new MalformedSoundException("no FLAC frame where one must be");
      }
      samples += frame.samples;
      at = endOf(frame, at, end);
    }
    if (samples == 0) {
      throw new MalformedSoundException("FLAC without sound");
    }
    return samples;
  }

  /** Where the next frame begins: a frame and its checksum together have the checksum 0. */
  private int endOf(Frame frame, int from, int end) throws MalformedSoundException {
    int crc = 0;
    for (int at = from; at < end; at++) {
      crc = (crc << 8 ^ CRC16[crc >> 8 ^ file.u8(at)]) & 0xffff;
      int next = at + 1;
      if (crc == 0
          && next - from > frame.header
          && (next == end || (isSync(next, end) && frame(next) != null))) {
        return next;
      }
    }
    throw new MalformedSoundException("FLAC frame that is damaged or cut");
  }

  private boolean isSync(int at, int end) {
    return at + 1 < end && file.u8(at) == 0xff && (file.u8(at + 1) & 0xfe) == 0xf8;
  }

  /** The frame that begins here, or null. */
  private @Nullable Frame frame(int at) {
    if (!isSync(at, file.length())) {
      return null;
    }
    int sizeCode = file.u8(at + 2) >> 4;
    int rateCode = file.u8(at + 2) & 0x0f;
    int number = numberLength(file.u8(at + 4));
    if (sizeCode == 0 || rateCode == 15 || number == 0 || (file.u8(at + 3) & 1) != 0) {
      return null;
    }
    int next = at + 4 + number;
    int samples;
    if (sizeCode == 6) {
      samples = file.u8(next) + 1;
      next += 1;
    } else if (sizeCode == 7) {
      samples = file.u16(next) + 1;
      next += 2;
    } else {
      samples = sizeCode == 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode;
    }
    int said = rateCode < 12 ? RATES[rateCode] : rateAt(rateCode, next);
    next += rateCode < 12 ? 0 : rateCode == 12 ? 1 : 2;
    if ((said != 0 && said != rate) || crc8(at, next) != file.u8(next)) {
      return null;
    }
    return new Frame(samples, next + 1 - at);
  }

  private int rateAt(int code, int at) {
    return switch (code) {
      case 12 -> file.u8(at) * 1000;
      case 13 -> file.u16(at);
      default -> file.u16(at) * 10;
    };
  }

  /**
   * How many bytes a number takes that is written as UTF-8 writes characters; 0 when it is none.
   */
  private static int numberLength(int first) {
    int ones = Integer.numberOfLeadingZeros(~(first << 24));
    return ones == 0 ? 1 : ones == 1 || ones > 7 ? 0 : ones;
  }

  private int crc8(int from, int to) {
    int crc = 0;
    for (int at = from; at < to; at++) {
      crc = CRC8[crc ^ file.u8(at)];
    }
    return crc;
  }

  private static int[] table(int polynomial, int bits) {
    int[] table = new int[256];
    int highest = 1 << (bits - 1);
    for (int i = 0; i < 256; i++) {
      int crc = i << (bits - 8);
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & highest) != 0 ? crc << 1 ^ polynomial : crc << 1;
      }
      table[i] = crc & ((1 << bits) - 1);
    }
    return table;
  }

  private record Frame(int samples, int header) {}
}
