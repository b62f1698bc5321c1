package io.mybella.voice.audio;

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
 * Raw sound: 16-bit signed little-endian samples of one channel.
 *
 * @param samples two bytes per sample; not copied, so not to be changed by whoever hands it over
 * @param sampleRate samples per second, such as 48,000
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data that is never compared.
public record Pcm(byte[] samples, int sampleRate) {

  /** Refuses a half sample and a rate that is no rate. */
  public Pcm {
    if (samples.length % 2 != 0 || sampleRate <= 0) {
      throw new IllegalArgumentException("not 16-bit samples at a positive rate");
    }
  }

  /** Length in seconds. */
  public double seconds() {
    return samples.length / 2.0 / sampleRate;
  }

  /** Whether nothing can be heard in it: no sample at all, or only zeros. */
  public boolean isSilent() {
    for (byte sample : samples) {
      if (sample != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a WAV file with 16-bit PCM of any number of channels; several are mixed to one.
   *
   * @throws IOException when it is not such a file
   */
  public static Pcm fromWav(byte[] file) throws IOException {
    try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
      return from(in);
    } catch (UnsupportedAudioFileException | IllegalArgumentException e) {
      throw new IOException("not a WAV file", e);
    }
  }

  private static Pcm from(AudioInputStream in) throws IOException {
    AudioFormat format = in.getFormat();
    if (format.getSampleSizeInBits() != 16
        || !format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED)) {
      throw new IOException("not 16-bit PCM: " + format);
    }
    ShortBuffer shorts =
        ByteBuffer.wrap(in.readAllBytes())
            .order(format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .asShortBuffer();
    int channels = format.getChannels();
    int frames = shorts.remaining() / channels;
    ByteBuffer mono = ByteBuffer.allocate(frames * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int frame = 0; frame < frames; frame++) {
      int sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += shorts.get();
      }
      mono.putShort((short) (sum / channels));
    }
    return new Pcm(mono.array(), Math.round(format.getSampleRate()));
  }
}
