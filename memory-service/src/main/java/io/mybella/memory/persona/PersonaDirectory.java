package io.mybella.memory.persona;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.client.ServiceClients;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.pair.PairId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Asks persona-service about a persona that no event has told of yet, as the caller. */
@Component
class PersonaDirectory {

  private static final Logger log = LoggerFactory.getLogger(PersonaDirectory.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** How persona-service shows a caller nothing: the last two to one whose account is gone. */
  private static final Set<HttpStatusCode> HIDDEN =
      Set.of(HttpStatus.NOT_FOUND, HttpStatus.UNAUTHORIZED, HttpStatus.FORBIDDEN);

  /** What persona-service tells of a persona that the caller may see. */
  private record Persona(
      boolean isCustom, @Nullable Boolean isActive, @Nullable String displayName) {}

  private final RestClient personas;
  private final CircuitBreaker breaker;

  PersonaDirectory(
      ServiceClients clients,
      CircuitBreakerRegistry breakers,
      @Value("${mybella.services.persona-url}") String personaUrl) {
    this.personas = clients.client("persona-service", personaUrl);
    this.breaker = breakers.circuitBreaker("persona-service");
  }

  /**
   * Asks for one persona with the caller's token.
   *
   * @return empty when there is none that the caller may see. Version 0, so that every event is
   *     newer than this answer, which may have been overtaken by one.
   * @throws Problem 503 when persona-service does not answer
   */
  Optional<KnownPersona> ask(PairId pair) {
    try {
      return breaker.executeSupplier(
          () ->
              personas
                  .get()
                  .uri("/api/personas/{id}", pair.personaId())
                  .exchangeForRequiredValue((_, response) -> read(pair, response)));
    } catch (CallNotPermittedException | RestClientException silent) {
      log.warn("persona-service cannot tell of persona {}", pair.personaId(), silent);
      throw Problem.unavailable(
          "The personas cannot be looked up right now; try again in a moment", RETRY_AFTER);
    }
  }

  private static Optional<KnownPersona> read(
      PairId pair, RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response)
      throws IOException {
    if (HIDDEN.contains(response.getStatusCode())) {
      return Optional.empty();
    }
    Persona persona =
        response.getStatusCode().is2xxSuccessful() ? response.bodyTo(Persona.class) : null;
    if (persona == null) {
      throw new RestClientException("Unexpected answer " + response.getStatusCode());
    }
    // persona-service shows a custom persona to nobody but its owner.
    return Optional.of(
        new KnownPersona(
            pair.personaId(),
            persona.isCustom() ? pair.userId() : null,
            !Boolean.FALSE.equals(persona.isActive()),
            0,
            persona.displayName()));
  }
}
