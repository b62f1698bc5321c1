package io.mybella.fakeelevenlabs;

import de.sciss.jump3r.lowlevel.LameEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sound.sampled.AudioFormat;

/**
 * What a voice says: a short tone for every four characters, at a pitch of its own, so that one
 * hears which voice it is and how long the text was. Fifteen characters a second, as people speak.
 */
final class Tone {

  static final int CHARACTERS_PER_SYLLABLE = 4;

  /** A quarter of a second; of MP3 as many whole frames as that takes. */
  static final double SECONDS_PER_SYLLABLE = 0.25;

  /** Of a pentatonic scale: any of them sound well after each other. */
  private static final double[] HERTZ = {261.6, 293.7, 329.6, 392.0, 440.0, 523.3, 587.3, 659.3};

  private static final int LOUDNESS = 12_000;
  private static final double FADE_SECONDS = 0.02;
  private static final int BYTES_PER_SAMPLE = 2;

  /** Eight pitches in two dozen formats at most. */
  private static final Map<Syllable, byte[]> SYLLABLES = new ConcurrentHashMap<>();

  private Tone() {}

  /** A text, said by a voice. */
  static Content of(String voice, int characters, OutputFormat format) {
    int pitch = Math.floorMod(voice.hashCode(), HERTZ.length);
    byte[] syllable = SYLLABLES.computeIfAbsent(new Syllable(pitch, format), Tone::encoded);
    int times = Math.max(1, Math.ceilDiv(characters, CHARACTERS_PER_SYLLABLE));
    byte[] head =
        format.container().equals("wav")
            ? wavHead(format.sampleRate(), syllable.length * times)
            : new byte[0];
    return new Content(head, syllable, times);
  }

  private static byte[] encoded(Syllable syllable) {
    int rate = syllable.format().sampleRate();
    byte[] samples = samples(HERTZ[syllable.pitch()], rate);
    return syllable.format().container().equals("mp3")
        ? mp3(samples, rate, syllable.format().kilobits())
        : samples;
  }

  /** A sine that swells and fades, so that nothing clicks. */
  private static byte[] samples(double hertz, int rate) {
    int count = (int) (SECONDS_PER_SYLLABLE * rate);
    double fade = FADE_SECONDS * rate;
    ByteBuffer samples =
        ByteBuffer.allocate(count * BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      double loudness = LOUDNESS * Math.min(1, Math.min(i, count - i) / fade);
      samples.putShort((short) (loudness * Math.sin(2 * Math.PI * hertz * i / rate)));
    }
    return samples.array();
  }

  /** A stream of its own: streams that follow each other are played as one. */
  private static byte[] mp3(byte[] samples, int rate, int kilobits) {
    LameEncoder encoder =
        new LameEncoder(
            new AudioFormat(rate, 16, 1, true, false),
            kilobits,
            LameEncoder.CHANNEL_MODE_MONO,
            LameEncoder.QUALITY_MIDDLE,
            false);
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    byte[] buffer = new byte[encoder.getOutputBufferSize()];
    int step = encoder.getInputBufferSize();
    for (int at = 0; at < samples.length; at += step) {
      int written = encoder.encodeBuffer(samples, at, Math.min(step, samples.length - at), buffer);
      frames.write(buffer, 0, written);
    }
    frames.writeBytes(Arrays.copyOf(buffer, encoder.encodeFinish(buffer)));
    encoder.close();
    return frames.toByteArray();
  }

  /** RIFF with one format and one data chunk. */
  private static byte[] wavHead(int rate, int bytes) {
    return ByteBuffer.allocate(44)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(36 + bytes)
        .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(rate)
        .putInt(rate * BYTES_PER_SAMPLE)
        .putShort((short) BYTES_PER_SAMPLE)
        .putShort((short) 16)
        .put("data".getBytes(StandardCharsets.US_ASCII))
        .putInt(bytes)
        .array();
  }

  private record Syllable(int pitch, OutputFormat format) {}
}
