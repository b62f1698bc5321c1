package io.mybella.chat.memory;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.client.ServiceClients;
import io.mybella.chat.neighbour.Neighbour;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Has memory-service remember and recall, in the caller's name. */
@Component
public class Memory {

  private record Page(List<Message> messages) {}

  /** Characters of a text that something is recalled for: it travels in the line of a request. */
  private static final int RECALLED_FOR = 500;

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
  public Appended append(long personaId, NewMessage message) {
    return memory.call(
        http -> {
          ResponseEntity<Message> answer =
              http.post()
                  .uri("/api/personas/{id}/messages", personaId)
                  .contentType(MediaType.APPLICATION_JSON)
                  .body(message)
                  .retrieve()
                  .toEntity(Message.class);
          return answer.getBody() == null
              ? null
              : new Appended(answer.getBody(), answer.getStatusCode().isSameCodeAs(HttpStatus.OK));
        });
  }

  /**
   * The reply to a message, if one was remembered.
   *
   * @throws io.mybella.chassis.problem.Problem when memory-service does not answer
   */
  public Optional<Message> replyTo(long personaId, Message message) {
    return memory
        .call(
            http ->
                http.get()
                    .uri(
                        "/api/personas/{id}/messages?in_reply_to={message}",
                        personaId,
                        message.id())
                    .retrieve()
                    .body(Page.class))
        .messages()
        .stream()
        .findFirst();
  }

  /**
   * What the persona remembers of the caller.
   *
   * @param limit how many recent messages at most
   * @param maxTokens what all of it may come to for a model
   * @param said what older messages are to bear on; of a long text its beginning counts
   * @throws io.mybella.chassis.problem.Problem when memory-service does not answer
   */
  public Context context(long personaId, int limit, int maxTokens, String said) {
    return memory.call(
        http ->
            http.get()
                .uri(
                    "/api/personas/{id}/memory/context?limit={limit}&max_tokens={tokens}&query={said}",
                    personaId,
                    limit,
                    maxTokens,
                    beginning(said))
                .retrieve()
                .body(Context.class));
  }

  private static String beginning(String text) {
    return text.codePointCount(0, text.length()) <= RECALLED_FOR
        ? text
        : text.substring(0, text.offsetByCodePoints(0, RECALLED_FOR));
  }
}
