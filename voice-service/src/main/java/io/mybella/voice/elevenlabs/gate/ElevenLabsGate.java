package io.mybella.voice.elevenlabs.gate;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.TransitionCheckResult;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.functions.Either;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import io.mybella.voice.elevenlabs.ElevenLabsFailure.Kind;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps ElevenLabs from being asked while it fails: for half a minute after a series of faults, for
 * minutes when the key is refused or the account has spent its quota.
 *
 * <p>Faults are what it could not do for now, such as a timeout or a status of 500. Whatever else
 * it refuses shows that it is there. A call that ends for a reason of this side, such as an
 * interrupt, tells nothing and counts as none.
 */
@Component
public class ElevenLabsGate {

  private static final Logger LOG = LoggerFactory.getLogger(ElevenLabsGate.class);

  private static final Duration OPEN_AFTER_FAULTS = Duration.ofSeconds(30);
  private static final Duration OPEN_FOR_ACCOUNT = Duration.ofMinutes(5);

  /** Longer than any call takes: afterwards the two that were let through count as lost. */
  private static final Duration HALF_OPEN_AT_MOST = Duration.ofMinutes(2);

  private final ElevenLabsProperties properties;
  private final CircuitBreaker breaker;
  private volatile @Nullable String whyOpen;

  ElevenLabsGate(ElevenLabsProperties properties, CircuitBreakerRegistry breakers) {
    this.properties = properties;
    this.breaker =
        breakers.circuitBreaker(
            "elevenlabs",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(OPEN_AFTER_FAULTS)
                .permittedNumberOfCallsInHalfOpenState(2)
                .maxWaitDurationInHalfOpenState(HALF_OPEN_AT_MOST)
                .ignoreException(error -> !(error instanceof ElevenLabsException))
                .recordException(ElevenLabsGate::isFault)
                .transitionOnResult(ElevenLabsGate::isOverForTheAccount)
                .build());
  }

  /** Whether there is a key, so that calls make sense. */
  public boolean isConfigured() {
    return properties.hasKey();
  }

  /**
   * Makes a call, unless it is of no use now.
   *
   * @throws ElevenLabsException when it was refused, or not made
   * @throws IOException as the call does
   */
  public <T> T pass(Call<T> call) throws IOException {
    if (!isConfigured()) {
      throw new ElevenLabsException(ElevenLabsFailure.notAsked("no_api_key"));
    }
    try {
      return breaker.executeCallable(() -> noted(call));
    } catch (CallNotPermittedException e) {
      String why = whyOpen;
      throw new ElevenLabsException(ElevenLabsFailure.notAsked(why == null ? "circuit_open" : why));
    } catch (FatalException e) {
      throw e.error;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no call throws this", e);
    }
  }

  /** Tells of a call that has passed and failed later, such as a speech that broke off. */
  public void brokeOff(ElevenLabsException error) {
    note(error);
    breaker.onError(0, TimeUnit.MILLISECONDS, error);
  }

  private <T> T noted(Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (ElevenLabsException e) {
      note(e);
      throw e;
    } catch (Error e) {
      // Resilience4j takes back its permission after an exception only.
      throw new FatalException(e);
    }
  }

  private void note(ElevenLabsException error) {
    ElevenLabsFailure failure = error.failure();
    if (failure.kind().concernsTheAccount()) {
      LOG.error("{}; it is not asked for {}", error.getMessage(), OPEN_FOR_ACCOUNT);
      whyOpen = failure.reason();
    } else {
      LOG.warn("{}", error.getMessage());
      if (failure.kind() == Kind.TRANSIENT) {
        whyOpen = failure.reason();
      }
    }
  }

  private static boolean isFault(Throwable error) {
    return error instanceof ElevenLabsException refusal
        && refusal.failure().kind() == Kind.TRANSIENT;
  }

  private static TransitionCheckResult isOverForTheAccount(Either<Object, Throwable> result) {
    return result.isRight()
            && result.get() instanceof ElevenLabsException refusal
            && refusal.failure().kind().concernsTheAccount()
        ? TransitionCheckResult.transitionToOpenAndWaitFor(OPEN_FOR_ACCOUNT)
        : TransitionCheckResult.noTransition();
  }

  /** What is asked of ElevenLabs. */
  @FunctionalInterface
  public interface Call<T> {

    /**
     * Asks.
     *
     * @throws ElevenLabsException when it refused
     * @throws IOException when it could not be asked for a reason of this side
     */
    T run() throws IOException;
  }

  private static final class FatalException extends RuntimeException {

    private final Error error;

    private FatalException(Error error) {
      super(error);
      this.error = error;
    }
  }
}
