package io.mybella.voice.inspection;

import java.time.Duration;
import java.util.Set;

/** RIFF/WAVE: chunks with a length each, among them a format and the samples. */
final class WavStructure {

  /** PCM, floating point, A-law, mu-law, and the extension of any of them. */
  private static final Set<Integer> FORMATS = Set.of(1, 3, 6, 7, 0xfffe);

  private WavStructure() {}

  static Duration duration(Bytes file) throws MalformedSoundException {
    if (!file.has(0, "RIFF") || !file.has(8, "WAVE")) {
      throw new MalformedSoundException("no RIFF/WAVE");
    }
    long bytesPerSecond = 0;
    long at = 12;
    while (at + 8 <= file.length()) {
      int chunk = (int) at;
      long size = file.u32le(chunk + 4);
      if (file.has(chunk, "fmt ")) {
        bytesPerSecond = bytesPerSecond(file, chunk + 8);
      } else if (file.has(chunk, "data")) {
        // A recorder that streams cannot know the length and writes the greatest number.
        long samples = Math.min(size, file.length() - (at + 8));
        if (bytesPerSecond == 0 || samples == 0) {
          throw new MalformedSoundException("samples without a format, or none");
        }
        return Bytes.duration(samples, bytesPerSecond);
      }
      at += 8 + size + (size & 1);
    }
    throw new MalformedSoundException("no samples");
  }

  private static long bytesPerSecond(Bytes file, int at) throws MalformedSoundException {
    int channels = file.u16le(at + 2);
    long rate = file.u32le(at + 4);
    int bits = file.u16le(at + 14);
    if (!FORMATS.contains(file.u16le(at))
        || channels < 1
        || channels > 8
        || rate < 4_000
        || rate > 384_000
        || bits < 8
        || bits > 64
        || bits % 8 != 0) {
      throw new MalformedSoundException("unusual WAV format");
    }
    return rate * channels * (bits / 8);
  }
}
