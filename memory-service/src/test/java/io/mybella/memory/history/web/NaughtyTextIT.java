package io.mybella.memory.history.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.NaughtyStrings;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Whatever people write comes back exactly as they wrote it, or is refused. */
class NaughtyTextIT extends MemoryServiceTest {

  @Test
  void everyTextComesBackExactly() {
    PairId pair = newPair();
    List<Object> said = new ArrayList<>();
    for (String text : NaughtyStrings.ALL) {
      Map<String, Object> answer =
          answer(
              post(
                      pair,
                      Map.of(
                          "role", "user",
                          "content", text,
                          "client_message_id", text,
                          "model", text,
                          "metadata", Map.of(text, List.of(text))))
                  .expectStatus()
                  .isCreated());
      assertThat(answer.get("content")).isEqualTo(text);
      assertThat(answer.get("client_message_id")).isEqualTo(text);
      assertThat(answer.get("model")).isEqualTo(text);
      assertThat(answer.get("metadata")).isEqualTo(Map.of(text, List.of(text)));
      said.add(text);
    }
    assertThat(texts(pair)).isEqualTo(said);
  }

  @Test
  void aTextThatIsAskedForIsTakenAsItIsAndNeverAsAnExpression() {
    PairId pair = newPair();
    say(pair, "hello");
    for (String text : NaughtyStrings.ALL) {
      as(pair.userId())
          .get()
          .uri("/api/personas/{id}/memory/context?query={query}", pair.personaId(), text)
          .exchange()
          .expectStatus()
          .isOk();
    }
  }

  @Test
  void whatIsNoTextIsRefusedAndNothingIsKept() {
    PairId pair = newPair();
    for (String text : NaughtyStrings.NOT_TEXT) {
      post(pair, "{\"role\":\"user\",\"content\":\"%s\"}".formatted(text))
          .expectStatus()
          .isBadRequest();
    }
    assertThat(rows("chat_message", of(pair))).isZero();
  }

  private RestTestClient.ResponseSpec post(PairId pair, Object body) {
    return as(pair.userId())
        .post()
        .uri(messages(pair))
        .contentType(MediaType.APPLICATION_JSON)
        .body(body)
        .exchange();
  }
}
