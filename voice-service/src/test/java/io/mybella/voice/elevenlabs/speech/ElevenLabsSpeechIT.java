package io.mybella.voice.elevenlabs.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import io.mybella.voice.elevenlabs.gate.OpenGate;
import io.mybella.voice.elevenlabs.gate.SpeechSlots;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
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
  private ElevenLabsSpeech client;

  @BeforeEach
  void aBreakerThatTriesItAgain() {
    ElevenLabsProperties settings =
        Binder.get(
                new MockEnvironment()
                    .withProperty("mybella.voice.elevenlabs.api-key", "key")
                    .withProperty("mybella.voice.elevenlabs.base-url", SERVER.baseUrl())
                    .withProperty("mybella.voice.elevenlabs.speech-timeout", SHORT + "ms"))
            .bindOrCreate("mybella.voice.elevenlabs", ElevenLabsProperties.class);
    client =
        new ElevenLabsSpeech(
            settings,
            OpenGate.of(settings, breakers),
            slots,
            JsonMapper.builder().build(),
            new SimpleMeterRegistry());
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
