package io.mybella.voice.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.Mp3Encoder;
import io.mybella.voice.sample.SoundFiles;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundInspectionTests {

  /** Each holds 1.5 s of a tone; encoders add a fraction of padding. */
  @ParameterizedTest
  @CsvSource({"tone.wav, WAV", "tone.mp3, MP3", "tone.flac, FLAC"})
  void aRealFileIsKnownByItsContentAndItsLengthIsCounted(String name, SampleType type)
      throws Exception {
    Sound sound = SoundInspection.inspect(SoundFiles.read(name));

    assertThat(sound.type()).isEqualTo(type);
    assertThat(millis(sound)).isCloseTo(1500, within(150L));
  }

  /** The last two as browsers record them. */
  @ParameterizedTest
  @CsvSource({
    "tone.ogg, OGG",
    "tone.opus, OGG",
    "tone.m4a, M4A",
    "recorded.mp4, M4A",
    "tone.webm, WEBM"
  })
  void whatTheOthersSayOfTheirLengthIsNotBelieved(String name, SampleType type) throws Exception {
    Sound sound = SoundInspection.inspect(SoundFiles.read(name));

    assertThat(sound.type()).isEqualTo(type);
    assertThat(sound.duration()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 8_000L * 170, (1L << 36) - 1})
  void theFramesOfAFlacFileCountAndNotWhatItsDescriptionClaims(long samples) throws Exception {
    byte[] file = SoundFiles.read("tone.flac");
    file[21] = (byte) ((file[21] & 0xf0) | (samples >> 32));
    for (int i = 0; i < 4; i++) {
      file[22 + i] = (byte) (samples >> (8 * (3 - i)));
    }

    assertThat(millis(SoundInspection.inspect(file))).isCloseTo(1500, within(150L));
  }

  @Test
  void aFlacFileThatIsDamagedOrCutIsRefused() {
    byte[] file = SoundFiles.read("tone.flac");
    byte[] damaged = file.clone();
    damaged[file.length / 2] ^= 1;
    refused(damaged);
    refused(Arrays.copyOf(file, file.length - 1));
    refused(join(file, "<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII)));
    // Another rate would make the same samples play for as long as one likes.
    byte[] slow = file.clone();
    slow[18] = 0;
    slow[19] = 1;
    refused(slow);
  }

  @Test
  void mp3WithATagInFrontAndOneBehindIsAccepted() throws Exception {
    byte[] sound = SoundFiles.read("tone.mp3");
    byte[] tag = new byte[10 + 300];
    System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 2, 44}, 0, tag, 0, 10);
    byte[] trailer = new byte[128];
    System.arraycopy("TAG".getBytes(StandardCharsets.US_ASCII), 0, trailer, 0, 3);

    assertThat(SoundInspection.inspect(join(tag, sound, trailer)).type()).isEqualTo(SampleType.MP3);
  }

  @Test
  void speechOfThisServiceIsAnMp3OfItsLength() throws Exception {
    Mp3Encoder encoder = new Mp3Encoder(48_000);
    byte[] mp3 = join(encoder.encode(DecodedMp3.tone(300, 2, 48_000)), encoder.finish());

    Sound sound = SoundInspection.inspect(mp3);
    assertThat(millis(sound)).isCloseTo(2000, within(100L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n",
        "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "<html><script>alert(1)</script></html>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000#EXTM3U\nfile:///etc/passwd\n",
        "RIFF\u0010\u0000\u0000\u0000WAVE",
        "OggS",
        "fLaC",
        "\u0000\u0000\u0000\u0008ftyp",
        "%PDF-1.7"
      })
  void whatIsNoSoundIsRefused(String content) {
    refused(content.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"video.avi", "video.mp4"})
  void picturesAreRefusedEvenWithSound(String name) {
    refused(SoundFiles.read(name));
  }

  @Test
  void anMp4WhoseSoundLiesElsewhereIsRefused() {
    byte[] file = SoundFiles.read("tone.m4a");
    int url = new String(file, StandardCharsets.ISO_8859_1).indexOf("url ");
    file[url + 7] = 0; // The flag "in this file".
    refused(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone.ogg", "tone.opus", "tone.m4a"})
  void aContainerThatEndsTooEarlyIsRefused(String name) {
    byte[] file = SoundFiles.read(name);
    refused(Arrays.copyOf(file, file.length / 2));
  }

  @Test
  void textBehindAFewFramesIsRefused() {
    byte[] sound = SoundFiles.read("tone.mp3");
    refused(
        join(sound, "<script>alert(1)</script>".repeat(100).getBytes(StandardCharsets.US_ASCII)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tone.wav",
        "tone.mp3",
        "tone.ogg",
        "tone.opus",
        "tone.m4a",
        "recorded.mp4",
        "tone.webm",
        "tone.flac"
      })
  void brokenBytesAreRefusedOrReadButNeverAFault(String name) {
    byte[] whole = SoundFiles.read(name);
    Random random = new Random(7);
    for (int round = 0; round < 400; round++) {
      byte[] broken = Arrays.copyOf(whole, 4 + random.nextInt(whole.length - 4));
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        broken[random.nextInt(Math.min(broken.length, 600))] = (byte) random.nextInt();
      }
      try {
        assertThat(millis(SoundInspection.inspect(broken))).isNotNegative();
      } catch (MalformedSoundException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private static long millis(Sound sound) {
    return sound.duration() == null ? 0 : sound.duration().toMillis();
  }

  private static void refused(byte[] file) {
    assertThatExceptionOfType(MalformedSoundException.class)
        .isThrownBy(() -> SoundInspection.inspect(file));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
