package io.mybella.voice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.audio.WavSpool;
import io.mybella.voice.engine.EngineProperties.WarmUp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Timeout(60)
class VoiceWarmUpTests {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicInteger said = new AtomicInteger();
  private final AtomicInteger probes = new AtomicInteger();
  private volatile double load;

  @AutoClose
  private final SystemVoice voice =
      new SystemVoice(
          text -> {
            said.incrementAndGet();
            return DecodedMp3.tone(440, 0.5, 48_000);
          },
          settings(new WarmUp(0.25, LONG, LONG, LONG)),
          new SimpleMeterRegistry());

  @ParameterizedTest
  @ValueSource(doubles = {0.26, 1, -1, Double.NaN})
  void theModelsAreLoadedOnceTheMachineIsQuietAndNotBefore(double busy) throws Exception {
    load = busy;
    try (var warmUp = warmUp(SHORT, LONG)) {
      Thread waiting = Thread.ofPlatform().start(warmUp);
      await().until(() -> probes.get() > 20);
      assertThat(said).hasValue(0);

      load = 0.25;
      waiting.join();
      assertThat(said).hasValue(1);
      assertThat(voice.isWarm()).isTrue();
    }
  }

  @Test
  void aMachineThatIsNeverQuietIsNotWaitedForWithoutEnd() {
    load = 1;
    try (var warmUp = warmUp(LONG, SHORT)) {
      warmUp.run();
    }
    assertThat(said).hasValue(1);
  }

  @Test
  void whoSpeaksFirstMakesItNeedless() throws Exception {
    load = 1;
    try (var warmUp = warmUp(SHORT, LONG)) {
      Thread waiting = Thread.ofPlatform().start(warmUp);
      await().until(() -> probes.get() > 2);
      try (AudioSource spoken = voice.speak("Hello.", SpeechFormat.WAV, new Somebody(1))) {
        assertThat(spoken.next()).isNotEmpty();
      }
      waiting.join();
    }
    assertThat(said).hasValue(1);
  }

  @Test
  void theEndOfTheServiceEndsTheWait() throws Exception {
    load = 1;
    var warmUp = warmUp(LONG, LONG);
    Thread waiting = Thread.ofPlatform().start(warmUp);
    await().until(() -> probes.get() > 2);

    warmUp.close();
    waiting.join();
    assertThat(said).hasValue(0);
  }

  @Test
  void theServiceIsReadyBeforeItsVoiceIsWarm(@TempDir Path folder) throws Exception {
    // Whoever reads it waits until somebody writes.
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (ConfigurableApplicationContext service =
        new SpringApplicationBuilder(Engine.class)
            .web(WebApplicationType.NONE)
            .run(
                "--spring.config.location=optional:classpath:/none/",
                "--mybella.voice.engine.kind=command",
                "--mybella.voice.engine.command=cat," + pipe,
                "--mybella.voice.engine.command-timeout=1m",
                "--mybella.voice.engine.warm-up.load=1",
                "--mybella.voice.engine.warm-up.quiet=0s",
                "--mybella.voice.engine.warm-up.latest=10s",
                "--mybella.voice.engine.warm-up.probe=10ms")) {
      SystemVoice ready = service.getBean(SystemVoice.class);
      assertThat(ready.isWarm()).isFalse();

      Files.write(pipe, WavSpool.header(22_050, 0));
      await().until(ready::isWarm);
    }
  }

  private VoiceWarmUp warmUp(Duration quiet, Duration latest) {
    DoubleSupplier measured =
        () -> {
          probes.incrementAndGet();
          return load;
        };
    return new VoiceWarmUp(voice, new WarmUp(0.25, quiet, latest, Duration.ofMillis(2)), measured);
  }

  private static EngineProperties settings(WarmUp warmUp) {
    return new EngineProperties(
        EngineProperties.Kind.MARYTTS, "none", 1, 1, LONG, LONG, List.of(), LONG, warmUp);
  }

  /** The default voice alone. */
  @Configuration
  @EnableConfigurationProperties(EngineProperties.class)
  @Import(EngineConfiguration.class)
  static class Engine {

    @Bean
    SimpleMeterRegistry metrics() {
      return new SimpleMeterRegistry();
    }
  }
}
