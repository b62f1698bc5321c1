package io.mybella.voice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.chassis.testing.ChildJvm;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.audio.SpeechFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;

/** What a voice that was never warmed says: MaryTTS loads its models once in a process. */
class ColdVoiceTests {

  private static final int LISTENERS = 3;

  @Test
  void theFirstSentencesOfASlowProcessAreSpoken(@TempDir Path folder) throws Exception {
    ChildJvm.run(
        ColdProcess.class,
        // As small as the local platform makes it, and slower.
        List.of("-Xmx320m", "-XX:ActiveProcessorCount=1"),
        List.of(folder.toString()),
        folder.resolve("log"),
        Duration.ofMinutes(3));
    for (int listener = 0; listener < LISTENERS; listener++) {
      Pcm heard = Pcm.fromWav(Files.readAllBytes(folder.resolve("heard" + listener)));
      assertThat(heard.seconds()).isBetween(0.5, 3.0);
      assertThat(heard.isSilent()).isFalse();
    }
  }

  /** The default voice as it is set by default, with several who ask at once and nobody before. */
  static final class ColdProcess {

    private ColdProcess() {}

    public static void main(String[] arguments) throws Exception {
      EngineProperties defaults =
          Binder.get(new StandardEnvironment())
              .bindOrCreate("mybella.voice.engine", EngineProperties.class);
      try (SystemVoice voice =
              new EngineConfiguration().systemVoice(defaults, new SimpleMeterRegistry());
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<byte[]>> heard = new ArrayList<>();
        for (int listener = 0; listener < LISTENERS; listener++) {
          heard.add(
              threads.submit(
                  () -> read(voice.speak("Good evening.", SpeechFormat.WAV, new Somebody(1)))));
        }
        for (int listener = 0; listener < LISTENERS; listener++) {
          Files.write(Path.of(arguments[0], "heard" + listener), heard.get(listener).get());
        }
      }
    }

    private static byte[] read(AudioSource source) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (source) {
        for (byte[] piece = source.next(); piece != null; piece = source.next()) {
          all.writeBytes(piece);
        }
      }
      return all.toByteArray();
    }
  }
}
