package io.mybella.model;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.model.ModelFailure.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Leaves a model that fails too often alone, for 15 seconds at a time. */
final class ModelBreaker {

  /** A call of a model. */
  interface Call<T> {
    T make() throws ModelFailure;
  }

  private final CircuitBreaker breaker;

  /** One that goes by this name in the registry, and so in metrics. */
  ModelBreaker(CircuitBreakerRegistry breakers, String name) {
    this.breaker =
        breakers.circuitBreaker(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(15))
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
  }

  /**
   * Makes a call when that is permitted, and judges the model by it: not when the call was refused,
   * which says something about the request, nor when something else than the model failed.
   *
   * @throws ModelFailure as the call does, or because it was not permitted
   */
  <T> T judge(Call<T> call) throws ModelFailure {
    if (!breaker.tryAcquirePermission()) {
      throw new ModelFailure(Reason.BREAKER_OPEN, "The model failed too often");
    }
    long start = System.nanoTime();
    boolean judged = false;
    try {
      T result = call.make();
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      judged = true;
      return result;
    } catch (ModelFailure failure) {
      if (failure.reason() != Reason.REJECTED) {
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
        judged = true;
      }
      throw failure;
    } finally {
      if (!judged) {
        breaker.releasePermission();
      }
    }
  }
}
