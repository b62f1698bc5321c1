package io.mybella.voice.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.inspection.MalformedSoundException;
import io.mybella.voice.inspection.SampleType;
import io.mybella.voice.inspection.SoundInspection;
import io.mybella.voice.sample.SoundFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real program makes of files, those that mean harm included. */
class FfmpegTests {

  private static Ffmpeg ffmpeg;

  @TempDir Path folder;

  @BeforeAll
  static void find() {
    ffmpeg = RealFfmpeg.find();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tone.wav",
        "tone.mp3",
        "tone.ogg",
        "tone.opus",
        "tone.m4a",
        "tone.flac",
        "tone.webm",
        "recorded.mp4"
      })
  void allKindsBecomeTheSame(String name) throws Exception {
    byte[] file = SoundFiles.read(name);

    byte[] mp3 = ffmpeg.toMp3(file, SoundInspection.inspect(file).type());

    assertThat(mp3[1] & 0xfe).as("MPEG-1, layer III").isEqualTo(0xfa);
    assertThat(mp3[2] & 0xfc).as("128 kbit/s, 44.1 kHz").isEqualTo(0x90);
    assertThat(mp3[3] & 0xc0).as("mono").isEqualTo(0xc0);
    assertThat(seconds(mp3)).isCloseTo(1.5, within(0.15));
    assertThat(DecodedMp3.energy(DecodedMp3.decode(mp3, 44_100))).isGreaterThan(0.01);
  }

  /** Ten minutes that say they are two seconds: what is decoded counts, up to the limit. */
  @Test
  void whatAFileClaimsOfItsLengthChangesNothing() throws Exception {
    Path made = folder.resolve("long.mka");
    Process maker =
        new ProcessBuilder(
                "ffmpeg",
                "-nostdin",
                "-loglevel",
                "error",
                "-f",
                "lavfi",
                "-i",
                "anullsrc=r=8000:cl=mono",
                "-t",
                "600",
                "-c:a",
                "flac",
                made.toString())
            .inheritIO()
            .start();
    assertThat(maker.waitFor()).isZero();
    byte[] file = Files.readAllBytes(made);
    int duration = new String(file, StandardCharsets.ISO_8859_1).indexOf("D\u0089\u0088");
    assertThat(duration).isPositive();
    java.nio.ByteBuffer.wrap(file).putDouble(duration + 3, 2_000);

    byte[] mp3 = ffmpeg.toMp3(file, SoundInspection.inspect(file).type());

    assertThat(seconds(mp3)).isBetween(181.0, 183.0);
  }

  /** Read as any kind, a list that names files is a damaged file of that kind and no list. */
  @ParameterizedTest
  @EnumSource(SampleType.class)
  void aListThatNamesOtherFilesIsNotFollowed(SampleType type) throws IOException {
    Path secret = Files.write(folder.resolve("secret.wav"), SoundFiles.wav(2));
    AtomicInteger asked = new AtomicInteger();
    HttpServer bait =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bait.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.close();
        });
    bait.start();
    try {
      String url = "http://127.0.0.1:%d/x.ts".formatted(bait.getAddress().getPort());
      for (String named : new String[] {url, "file://" + secret, secret.toString()}) {
        for (String list :
            new String[] {
              "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + named + "\n#EXT-X-ENDLIST\n",
              "ffconcat version 1.0\nfile '" + named + "'\n",
              "RIFF\u0000\u0001\u0000\u0000AVI LIST#EXTM3U\n#EXTINF:1,\n" + named + "\n",
              "v=0\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n"
            }) {
          assertThatExceptionOfType(MalformedSoundException.class)
              .isThrownBy(
                  () -> ffmpeg.toMp3(list.repeat(50).getBytes(StandardCharsets.ISO_8859_1), type));
        }
      }
    } finally {
      bait.stop(0);
    }
    assertThat(asked).hasValue(0);
  }

  /** An MP4 file may say that its sound lies in another one. */
  @Test
  void anMp4WhoseSoundLiesElsewhereIsNotCompleted() {
    byte[] file = SoundFiles.read("tone.m4a");
    int url = new String(file, StandardCharsets.ISO_8859_1).indexOf("url ");
    file[url + 7] = 0; // The flag "in this file".
    try {
      assertThat(ffmpeg.toMp3(file, SampleType.M4A)).as("the sound of this file").isNotEmpty();
    } catch (MalformedSoundException refused) {
      assertThat(refused).hasMessageContaining("ffmpeg");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static double seconds(byte[] mp3) throws MalformedSoundException {
    Duration duration = Objects.requireNonNull(SoundInspection.inspect(mp3).duration());
    return duration.toMillis() / 1000.0;
  }
}
