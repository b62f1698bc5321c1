package io.mybella.fakeelevenlabs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.sciss.jump3r.lowlevel.LameDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToneTests {

  private static final int[] KILOBITS_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KILOBITS_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES_1 = {44_100, 48_000, 32_000};

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mp3_22050_32",
        "mp3_24000_48",
        "mp3_44100_32",
        "mp3_44100_64",
        "mp3_44100_96",
        "mp3_44100_128",
        "mp3_44100_192"
      })
  void mp3OfEachFormatIsWholeFramesAndLastsAsLongAsItsText(String format) {
    OutputFormat output = OutputFormat.of(format).orElseThrow();

    byte[] one = Tone.of("a", 4, output).bytes();
    byte[] ten = Tone.of("a", 40, output).bytes();

    assertThat(seconds(one, output)).isCloseTo(Tone.SECONDS_PER_SYLLABLE, within(0.1));
    assertThat(seconds(ten, output)).isCloseTo(10 * seconds(one, output), within(0.001));
  }

  /** Decoded by somebody else's code, several streams that follow each other as one. */
  @Test
  void mp3IsHeard() throws IOException {
    Path file = folder.resolve("tone.mp3");
    Files.write(file, Tone.of("a", 12, OutputFormat.DEFAULT).bytes());
    LameDecoder decoder = new LameDecoder(file.toString());
    int frames = 0;
    double loudest = 0;
    for (int i = 0; i < 30; i++) {
      ByteBuffer frame = ByteBuffer.allocate(1152 * 2).order(ByteOrder.LITTLE_ENDIAN);
      decoder.decode(frame, true);
      double energy = 0;
      for (int at = 0; at < 1152; at++) {
        energy += Math.pow(frame.getShort(at * 2) / 32768.0, 2);
      }
      loudest = Math.max(loudest, Math.sqrt(energy / 1152));
      frames += energy > 1 ? 1 : 0;
    }
    decoder.close();

    assertThat(loudest).isBetween(0.2, 0.3);
    // A syllable is heard in eight of its ten frames: it swells and fades.
    assertThat(frames).isGreaterThanOrEqualTo(24);
  }

  @Test
  void wavSaysItsLengthItself() throws Exception {
    byte[] wav = Tone.of("a", 8, OutputFormat.of("wav_24000").orElseThrow()).bytes();

    try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
      assertThat(in.getFormat().getSampleRate()).isEqualTo(24_000);
      assertThat(in.getFrameLength()).isEqualTo(12_000);
      assertThat(in.readAllBytes())
          .isEqualTo(Tone.of("a", 8, OutputFormat.of("pcm_24000").orElseThrow()).bytes());
    }
  }

  @Test
  void voicesDifferAndTheSameSaysTheSame() {
    byte[] one = Tone.of("a", 4, OutputFormat.DEFAULT).bytes();

    assertThat(Tone.of("b", 4, OutputFormat.DEFAULT).bytes()).isNotEqualTo(one);
    assertThat(Tone.of("a", 4, OutputFormat.DEFAULT).bytes()).isEqualTo(one);
  }

  /** Goes from frame to frame by their headers, ISO 11172-3 2.4.1.3. */
  private static double seconds(byte[] mp3, OutputFormat format) {
    double seconds = 0;
    for (int at = 0; at < mp3.length; ) {
      int header = ByteBuffer.wrap(mp3).getInt(at);
      assertThat(header >>> 21).as("sync at %d", at).isEqualTo(0x7ff);
      boolean first = (header >>> 19 & 3) == 3;
      int rate = RATES_1[header >>> 10 & 3] / (first ? 1 : 2);
      int kilobits = (first ? KILOBITS_1 : KILOBITS_2)[header >>> 12 & 15];
      // LAME itself halves the rate where there are too few bits for it.
      assertThat(rate).isIn(format.sampleRate(), format.sampleRate() / 2);
      assertThat(kilobits).isEqualTo(format.kilobits());
      int samples = first ? 1152 : 576;
      at += samples / 8 * kilobits * 1000 / rate + (header >>> 9 & 1);
      seconds += (double) samples / rate;
      assertThat(at).isLessThanOrEqualTo(mp3.length);
    }
    return seconds;
  }
}
