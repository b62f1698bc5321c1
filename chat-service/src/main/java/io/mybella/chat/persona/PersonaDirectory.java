package io.mybella.chat.persona;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.client.ServiceClients;
import io.mybella.chat.neighbour.Neighbour;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Asks persona-service who a persona is, in the caller's name. */
@Component
public class PersonaDirectory {

  private final Neighbour personas;

  PersonaDirectory(
      ServiceClients clients,
      CircuitBreakerRegistry breakers,
      @Value("${mybella.services.persona-url}") String url) {
    this.personas = new Neighbour("persona-service", clients, url, breakers);
  }

  /**
   * The persona of that id.
   *
   * @throws io.mybella.chassis.problem.Problem when there is none that the caller may see (404) or
   *     persona-service does not answer (503)
   */
  public Persona find(long personaId) {
    return personas.call(
        http -> http.get().uri("/api/personas/{id}", personaId).retrieve().body(Persona.class));
  }
}
