package io.mybella.voice.audio;

import de.sciss.jump3r.lowlevel.LameEncoder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import javax.sound.sampled.AudioFormat;

/**
 * Turns samples into one continuous MP3 stream, piece by piece: 64 kbit/s, mono, at the rate of the
 * samples. Pieces encoded one after the other join without a gap.
 *
 * <p>Used by one thread at a time.
 */
public final class Mp3Encoder {

  /** Speech of one channel gains nothing from more; LAME's own preset for voice is 56. */
  private static final int KILOBITS = 64;

  private final int sampleRate;
  private final LameEncoder encoder;

  /**
   * Starts a stream.
   *
   * @param sampleRate of all samples that follow, one that MP3 knows (8,000 to 48,000)
   */
  public Mp3Encoder(int sampleRate) {
    this.sampleRate = sampleRate;
    encoder =
        new LameEncoder(
            new AudioFormat(sampleRate, 16, 1, true, false),
            KILOBITS,
            LameEncoder.CHANNEL_MODE_MONO,
            LameEncoder.QUALITY_MIDDLE,
            false);
  }

  /**
   * Encodes samples.
   *
   * @return whole frames; the rest is kept for the next call, so this may be empty
   */
  public byte[] encode(Pcm pcm) {
    if (pcm.sampleRate() != sampleRate) {
      throw new IllegalArgumentException("samples at another rate than the stream");
    }
    byte[] samples = pcm.samples();
    byte[] buffer = new byte[encoder.getOutputBufferSize()];
    ByteArrayOutputStream frames = new ByteArrayOutputStream(samples.length / 8 + 1024);
    int step = encoder.getInputBufferSize();
    for (int at = 0; at < samples.length; at += step) {
      int written = encoder.encodeBuffer(samples, at, Math.min(step, samples.length - at), buffer);
      frames.write(buffer, 0, written);
    }
    return frames.toByteArray();
  }

  /** Ends the stream and returns its last frames. The encoder is of no use afterwards. */
  public byte[] finish() {
    byte[] buffer = new byte[encoder.getOutputBufferSize()];
    int written = encoder.encodeFinish(buffer);
    encoder.close();
    return Arrays.copyOf(buffer, written);
  }
}
