package io.mybella.voice.persona;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.client.ServiceClients;
import io.mybella.chassis.problem.Problem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Asks persona-service for a persona whose event has not arrived yet, with the token of the caller.
 */
@Component
class PersonaClient {

  private final RestClient http;
  private final CircuitBreaker breaker;

  PersonaClient(ServiceClients clients, Environment environment, CircuitBreakerRegistry breakers) {
    this.http =
        clients.client(
            "persona-service", environment.getRequiredProperty("mybella.services.persona-url"));
    this.breaker = breakers.circuitBreaker("persona-service");
  }

  /**
   * The persona, or empty when the caller has none of this id.
   *
   * @throws Problem 503 when persona-service does not answer
   */
  Optional<Profile> find(long id) {
    try {
      return breaker.executeSupplier(() -> ask(id));
    } catch (RestClientException e) {
      throw Problem.unavailable("Personas cannot be looked up right now", Duration.ofSeconds(5));
    }
  }

  private Optional<Profile> ask(long id) {
    try {
      return Optional.ofNullable(
          http.get().uri("/api/personas/{id}", id).retrieve().body(Profile.class));
    } catch (HttpClientErrorException.NotFound e) {
      return Optional.empty();
    }
  }

  /** What matters here of persona-service's answer. */
  record Profile(String name, @Nullable String voiceId, boolean isCustom) {}
}
