package io.mybella.voice.elevenlabs.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import io.mybella.voice.elevenlabs.gate.OpenGate;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.client.RestClient;

class ElevenLabsAccountTests {

  private static final FakeElevenLabs SERVER = new FakeElevenLabs();

  private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
  private final ElevenLabsProperties settings =
      Binder.get(
              new MockEnvironment()
                  .withProperty("mybella.voice.elevenlabs.api-key", "key")
                  .withProperty("mybella.voice.elevenlabs.base-url", SERVER.baseUrl()))
          .bindOrCreate("mybella.voice.elevenlabs", ElevenLabsProperties.class);
  private final ElevenLabsAccount account =
      new ElevenLabsAccount(settings, OpenGate.of(settings, breakers), RestClient.builder());

  @Test
  void anEmptyAnswerIsAFaultThatTheBreakerHearsOf() {
    CircuitBreaker breaker = breakers.circuitBreaker("elevenlabs");
    breaker.transitionToOpenState();
    breaker.transitionToHalfOpenState();
    SERVER.let("voices", new Behaviour.Answers(200, "application/json", ""));
    SERVER.let(
        "voices/add",
        new Behaviour.Answers(200, "application/json", "{\"requiresVerification\":false}"));

    assertThatExceptionOfType(ElevenLabsException.class)
        .isThrownBy(account::voices)
        .withMessageContaining("upstream_empty");
    assertThatExceptionOfType(ElevenLabsException.class)
        .isThrownBy(() -> account.clone("me", new byte[1], "audio/wav"))
        .withMessageContaining("upstream_empty");
    // Two were permitted, both have failed.
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
  }
}
