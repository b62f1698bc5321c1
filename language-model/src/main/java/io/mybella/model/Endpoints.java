package io.mybella.model;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.net.http.HttpClient;
import java.time.Duration;

/** How endpoints of models are called, whatever they are asked. */
final class Endpoints {

  private Endpoints() {}

  /** A client for the endpoint at an address; it follows no redirects. */
  static HttpClient http(String baseUrl, Duration connectTimeout) {
    return HttpClient.newBuilder()
        // Model servers on plain HTTP stumble over the upgrade to HTTP/2 that is offered else.
        .version(
            baseUrl.startsWith("https:") ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
        .connectTimeout(connectTimeout)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  /** A breaker that leaves a failing endpoint alone for 15 seconds at a time. */
  static CircuitBreaker breaker(CircuitBreakerRegistry breakers, String name) {
    return breakers.circuitBreaker(
        name,
        CircuitBreakerConfig.custom()
            .slidingWindowSize(10)
            .minimumNumberOfCalls(5)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(15))
            .permittedNumberOfCallsInHalfOpenState(1)
            .build());
  }
}
