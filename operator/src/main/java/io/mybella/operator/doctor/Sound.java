package io.mybella.operator.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * Decoded sound.
 *
 * @param seconds how long it is
 * @param loudness root of the mean square of its samples, from 0 to 1
 */
record Sound(double seconds, double loudness) {

  /** Well below speech (0.05 and more), well above the noise of rounding. */
  private static final double SILENCE = 0.002;

  private static final double SHORTEST_SECONDS = 0.3;

  /** Whether somebody could hear it. */
  boolean isHeard() {
    return seconds >= SHORTEST_SECONDS && loudness >= SILENCE;
  }

  /**
   * Decodes a file.
   *
   * @param wav with samples of 16 bits
   * @throws UnsupportedAudioFileException when it is something else
   */
  static Sound of(byte[] wav) throws IOException, UnsupportedAudioFileException {
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
      AudioFormat format = audio.getFormat();
      if (format.getSampleSizeInBits() != Short.SIZE) {
        throw new UnsupportedAudioFileException("not of 16 bits");
      }
      ShortBuffer samples =
          ByteBuffer.wrap(audio.readAllBytes())
              .order(format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
              .asShortBuffer();
      double squares = 0;
      int count = samples.remaining();
      while (samples.hasRemaining()) {
        double sample = samples.get() / (double) Short.MAX_VALUE;
        squares += sample * sample;
      }
      return new Sound(
          count / (double) format.getChannels() / format.getSampleRate(),
          count == 0 ? 0 : Math.sqrt(squares / count));
    }
  }
}
