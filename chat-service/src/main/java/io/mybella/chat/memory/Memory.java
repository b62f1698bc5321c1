package io.mybella.chat.memory;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.client.ServiceClients;
import io.mybella.chat.neighbour.Neighbour;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Has memory-service remember and recall, in the caller's name. */
@Component
public class Memory {

  private final Neighbour memory;

  Memory(
      ServiceClients clients,
      CircuitBreakerRegistry breakers,
      @Value("${mybella.services.memory-url}") String url) {
    this.memory = new Neighbour("memory-service", clients, url, breakers);
  }

  /**
   * Stores a message of the caller and a persona.
   *
   * @throws io.mybella.chassis.problem.Problem when it is refused or memory-service does not answer
   */
  public Message append(long personaId, NewMessage message) {
    return memory.call(
        http ->
            http.post()
                .uri("/api/personas/{id}/messages", personaId)
                .contentType(MediaType.APPLICATION_JSON)
                .body(message)
                .retrieve()
                .body(Message.class));
  }

  /**
   * What the persona remembers of the caller.
   *
   * @param limit how many recent messages at most
   * @throws io.mybella.chassis.problem.Problem when memory-service does not answer
   */
  public Context context(long personaId, int limit) {
    return memory.call(
        http ->
            http.get()
                .uri("/api/personas/{id}/memory/context?limit={limit}", personaId, limit)
                .retrieve()
                .body(Context.class));
  }
}
