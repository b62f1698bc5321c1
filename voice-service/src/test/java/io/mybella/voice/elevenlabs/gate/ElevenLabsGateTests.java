package io.mybella.voice.elevenlabs.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import io.mybella.voice.elevenlabs.ElevenLabsFailure.Kind;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

/**
 * A half-open breaker lets two calls through: one that keeps its permission is missing for good.
 */
class ElevenLabsGateTests {

  private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
  private final ElevenLabsGate gate = OpenGate.of(settings(), breakers);

  @BeforeEach
  void aBreakerThatTriesItAgain() {
    breaker().transitionToOpenState();
    breaker().transitionToHalfOpenState();
  }

  static Stream<Throwable> endsThatAreNoAnswer() {
    return Stream.of(
        new IOException("interrupted while waiting for ElevenLabs"),
        new IllegalStateException("a fault of ours"),
        new NoClassDefFoundError("io/mybella/Missing"));
  }

  @ParameterizedTest
  @MethodSource("endsThatAreNoAnswer")
  void aCallThatBroughtNoAnswerKeepsNoPermissionAndIsNotCounted(Throwable end) {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> gate.pass(() -> thrown(end))).isSameAs(end);
    }

    assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(breaker().getMetrics().getNumberOfBufferedCalls()).isZero();
    assertThat(breaker().tryAcquirePermission()).isTrue();
    assertThat(breaker().tryAcquirePermission()).isTrue();
  }

  @Test
  void theBreakerDoesNotWaitForPermissionsThatWereLostAllTheSame() {
    assertThat(breaker().getCircuitBreakerConfig().getMaxWaitDurationInHalfOpenState())
        .isPositive();
  }

  @Test
  void refusalsShowThatItIsThere() throws IOException {
    for (int i = 0; i < 2; i++) {
      refused(new ElevenLabsFailure(Kind.VOICE_NOT_FOUND, "voice_not_found", null));
    }
    assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    assertThat(gate.pass(() -> "answer")).isEqualTo("answer");
  }

  @Test
  void faultsCloseItAndItsReasonIsTold() {
    for (int i = 0; i < 2; i++) {
      refused(ElevenLabsFailure.of("upstream_500"));
    }
    assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
    assertThatExceptionOfType(ElevenLabsException.class)
        .isThrownBy(() -> gate.pass(() -> "answer"))
        .satisfies(e -> assertThat(e.failure().reason()).isEqualTo("upstream_500"));
  }

  @Test
  void oneRefusedKeyClosesItForAllCalls() {
    breaker().transitionToClosedState();
    refused(new ElevenLabsFailure(Kind.INVALID_KEY, "invalid_api_key", null));
    assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
  }

  private void refused(ElevenLabsFailure failure) {
    assertThatExceptionOfType(ElevenLabsException.class)
        .isThrownBy(
            () ->
                gate.pass(
                    () -> {
                      throw new ElevenLabsException(failure);
                    }));
  }

  private static Object thrown(Throwable end) throws IOException {
    switch (end) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalArgumentException(end);
    }
  }

  private CircuitBreaker breaker() {
    return breakers.circuitBreaker("elevenlabs");
  }

  private static ElevenLabsProperties settings() {
    return Binder.get(new MockEnvironment().withProperty("mybella.voice.elevenlabs.api-key", "key"))
        .bindOrCreate("mybella.voice.elevenlabs", ElevenLabsProperties.class);
  }
}
