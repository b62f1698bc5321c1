package io.mybella.voice.elevenlabs.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.fakeelevenlabs.Account;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import io.mybella.voice.elevenlabs.gate.OpenGate;
import io.mybella.voice.elevenlabs.gate.SpeechSlots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.json.JsonMapper;

/** What a speech takes, it gives back: its slot, and a permission of the breaker. */
class ElevenLabsSpeechIT extends KeylessServiceTest {

  private static final String VOICE = "v1";
  private static final long SHORT = 50;
  private static final FakeElevenLabs SERVER = new FakeElevenLabs();

  private static final Listener SOMEBODY =
      new Listener() {
        @Override
        public long account() {
          return 1;
        }

        @Override
        public boolean isGone() {
          return false;
        }
      };

  private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
  @Autowired SpeechSlots slots;
  @Autowired DataSource source;
  @Autowired JdbcClient database;
  private ElevenLabsSpeech client;

  @BeforeEach
  void aBreakerThatTriesItAgain() {
    client = client(slots, settings("speech-timeout", SHORT + "ms"));
    SERVER.reset();
    breaker().transitionToOpenState();
    breaker().transitionToHalfOpenState();
  }

  @AfterEach
  void end() {
    SERVER.reset();
  }

  @Test
  void whoIsInterruptedGivesBackWhatItTook() throws InterruptedException {
    SERVER.let(VOICE, new Behaviour.Ignores());
    for (int i = 1; i <= 3; i++) {
      Thread waiting = Thread.ofVirtual().start(this::speakInVain);
      int asked = i;
      await().until(() -> SERVER.requests("/v1/text-to-speech").size() == asked);
      waiting.interrupt();
      waiting.join();
    }
    assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(breaker().tryAcquirePermission()).isTrue();
    assertThat(breaker().tryAcquirePermission()).isTrue();
  }

  @Test
  void aListenerWhoTakesLongIsNotTakenForAVoiceWithoutEnd() throws Exception {
    breaker().transitionToClosedState();
    try (AudioSource audio = speak(SpeechFormat.MP3)) {
      assertThat(audio.next()).isNotEmpty();
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHORT * 4);
      await().until(() -> System.nanoTime() - end > 0);

      int rest = 0;
      for (byte[] piece = audio.next(); piece != null; piece = audio.next()) {
        rest += piece.length;
      }
      assertThat(rest).isPositive();
    }
    assertThat(breaker().getMetrics().getNumberOfFailedCalls()).isZero();
  }

  @Test
  void aTextThatIsTooLongForTheModelIsSaidInParts() throws IOException {
    breaker().transitionToClosedState();
    ElevenLabsSpeech patient = client(slots, settings("speech-timeout", "30s"));
    SERVER.let(
        VOICE,
        new Behaviour.FailsAtFirst(1, new Behaviour.Fails(400, "max_character_limit_exceeded")));
    String half = "Word" + " word".repeat(399) + ".";

    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try (AudioSource audio =
        patient.speak(VOICE, half + " " + half, SpeechFormat.MP3, SOMEBODY, patient.deadline())) {
      for (byte[] piece = audio.next(); piece != null; piece = audio.next()) {
        heard.writeBytes(piece);
      }
    }

    byte[] once = SERVER.audio(VOICE, half, "mp3_44100_128");
    assertThat(heard.toByteArray()).hasSize(2 * once.length).startsWith(once).endsWith(once);
    assertThat(SERVER.requests("/v1/text-to-speech")).hasSize(3);
    assertThat(breaker().getMetrics().getNumberOfFailedCalls()).isZero();
  }

  /** Two instances, 200 requests at once, and an account of five. */
  @Test
  void theAccountNeverHasMoreUnderWayThanItAllows() throws Exception {
    breaker().transitionToClosedState();
    SERVER.changeTo(Account.withoutLimits().withConcurrency(5));
    SERVER.let(VOICE, new Behaviour.SpeaksSlowly(Duration.ofMillis(50), Duration.ZERO));
    ElevenLabsProperties patient =
        settings(
            "slot-wait", "60s", "first-byte-timeout", "60s", "model", "eleven_multilingual_v2");
    List<ElevenLabsSpeech> both =
        Stream.generate(() -> client(OpenGate.slots(source, patient), patient)).limit(2).toList();
    // Only then they know how many there are.
    hear(both.getFirst());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> requests = new ArrayList<>();
      for (int i = 1; i < 200; i++) {
        ElevenLabsSpeech one = both.get(i % 2);
        requests.add(
            threads.submit(
                () -> {
                  hear(one);
                  return null;
                }));
      }
      for (Future<?> each : requests) {
        each.get();
      }
    } finally {
      database.sql("update speech_slots set size = 2").update();
    }
    assertThat(SERVER.tally().mostAtOnce()).isEqualTo(5);
    assertThat(SERVER.tally().calls()).as("nothing was refused and repeated").isEqualTo(200);
  }

  private static void hear(ElevenLabsSpeech client) throws IOException {
    try (AudioSource audio =
        client.speak(VOICE, "Hello.", SpeechFormat.MP3, SOMEBODY, client.deadline())) {
      int pieces = 0;
      while (audio.next() != null) {
        pieces++;
      }
      assertThat(pieces).isPositive();
    }
  }

  private ElevenLabsSpeech client(SpeechSlots of, ElevenLabsProperties settings) {
    return new ElevenLabsSpeech(
        settings,
        OpenGate.of(settings, breakers),
        of,
        JsonMapper.builder().build(),
        new SimpleMeterRegistry());
  }

  private static ElevenLabsProperties settings(String... namesAndValues) {
    String prefix = "mybella.voice.elevenlabs.";
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty(prefix + "api-key", "key")
            .withProperty(prefix + "base-url", SERVER.baseUrl());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.setProperty(prefix + namesAndValues[i], namesAndValues[i + 1]);
    }
    return Binder.get(environment)
        .bindOrCreate("mybella.voice.elevenlabs", ElevenLabsProperties.class);
  }

  private AudioSource speak(SpeechFormat format) throws Exception {
    return client.speak(VOICE, "Hello.", format, SOMEBODY, client.deadline());
  }

  private void speakInVain() {
    assertThatIOException().isThrownBy(() -> speak(SpeechFormat.MP3));
  }

  private CircuitBreaker breaker() {
    return breakers.circuitBreaker("elevenlabs");
  }
}
