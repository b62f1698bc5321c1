package io.mybella.voice.inspection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Unsigned numbers and names in a file. Every access outside of it throws {@link
 * IndexOutOfBoundsException}.
 */
@SuppressWarnings("ArrayRecordComponent") // A view of a file that is never compared.
record Bytes(byte[] content) {

  int length() {
    return content.length;
  }

  int u8(int at) {
    return content[at] & 0xff;
  }

  int u16le(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u24(int at) {
    return u16(at) << 8 | u8(at + 2);
  }

  long u32(int at) {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  long u32le(int at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  long i64(int at) {
    return u32(at) << 32 | u32(at + 4);
  }

  long i64le(int at) {
    return u32le(at) | u32le(at + 4) << 32;
  }

  /** Whether these ASCII characters stand there; not so when the file ends before. */
  boolean has(int at, String ascii) {
    byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at > content.length - wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (content[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** How long so many units of a rate per second last; absurd figures are refused. */
  static Duration duration(long units, long perSecond) throws MalformedSoundException {
    if (units < 0 || perSecond <= 0 || units / perSecond > 1_000_000) {
      throw new MalformedSoundException("absurd duration");
    }
    return Duration.ofNanos(Math.round((double) units / perSecond * 1e9));
  }
}
