package io.mybella.voice.audio;

import de.sciss.jump3r.lowlevel.LameDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is to be heard in an MP3 file, for tests that listen. */
public final class DecodedMp3 {

  private static final int FRAME_SAMPLES = 1152;

  private DecodedMp3() {}

  /** Decodes a file made by {@link Mp3Encoder}: mono, 64 kbit/s, at 32,000 samples or more. */
  public static Pcm decode(byte[] mp3, int sampleRate) {
    int frames = (int) Math.round(mp3.length / (144.0 * 64_000 / sampleRate));
    try {
      Path file = Files.createTempFile("speech-", ".mp3");
      try {
        Files.write(file, mp3);
        LameDecoder decoder = new LameDecoder(file.toString());
        ByteArrayOutputStream samples = new ByteArrayOutputStream();
        for (int i = 0; i < frames; i++) {
          // Each call decodes one frame to the start of the buffer, the last ones nothing.
          ByteBuffer frame = ByteBuffer.allocate(FRAME_SAMPLES * 2);
          decoder.decode(frame, true);
          samples.writeBytes(frame.array());
        }
        decoder.close();
        return new Pcm(samples.toByteArray(), sampleRate);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Root mean square of the samples, 0 to 1: silence is 0, speech about 0.05 to 0.2. */
  public static double energy(Pcm pcm) {
    var samples = ByteBuffer.wrap(pcm.samples()).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    double sum = 0;
    int count = samples.remaining();
    while (samples.hasRemaining()) {
      double value = samples.get() / 32768.0;
      sum += value * value;
    }
    return Math.sqrt(sum / count);
  }

  /** A sine as samples, for tests that need some sound. */
  public static Pcm tone(double hertz, double seconds, int sampleRate) {
    int frames = (int) (seconds * sampleRate);
    ByteBuffer samples = ByteBuffer.allocate(frames * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames; i++) {
      samples.putShort((short) (12_000 * Math.sin(2 * Math.PI * hertz * i / sampleRate)));
    }
    return new Pcm(samples.array(), sampleRate);
  }
}
