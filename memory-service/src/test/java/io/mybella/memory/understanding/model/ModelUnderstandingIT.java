package io.mybella.memory.understanding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.model.testing.ModelStandIn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** The service with a model, from a conversation that has ended to what is kept of it. */
class ModelUnderstandingIT extends MemoryServiceTest {

  private static final ModelStandIn MODEL = new ModelStandIn();
  private static final ModelStandIn.Behaviour UNDERSTANDS =
      ModelStandIn.saysAsAWhole(
          """
          {"title": "Tomatoes", "summary": "The tomatoes are ripe.", "key_topics": ["garden"],
           "user_mood": "glad", "important_facts": ["Has a garden."]}
          """);

  @Autowired private CircuitBreakerRegistry breakers;

  @DynamicPropertySource
  static void model(DynamicPropertyRegistry properties) {
    properties.add("mybella.memory.model.base-url", MODEL::baseUrl);
    properties.add("mybella.memory.model.name", () -> "test-model");
    properties.add("mybella.memory.work.first-pause", () -> "20ms");
    properties.add("mybella.memory.work.longest-pause", () -> "20ms");
  }

  @BeforeEach
  void allIsWell() {
    breakers.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
  }

  @Test
  void whatTheModelUnderstoodIsKeptUnderItsName() {
    MODEL.behave(UNDERSTANDS);
    PairId pair = newPair();

    talk(pair, "The tomatoes in my garden are ripe.");

    await().until(() -> understood(pair, "test-model") == 1);
    assertThat(
            rows(
                "conversation",
                of(pair)
                    + " AND title = 'Tomatoes' AND summary = 'The tomatoes are ripe.' AND user_mood"
                    + " = 'glad' AND key_topics = '{garden}' AND important_facts = '{Has a"
                    + " garden.}'"))
        .isOne();
    assertThat(MODEL.requests())
        .singleElement()
        .satisfies(
            request ->
                assertThat(
                        JsonMapper.shared()
                            .readTree(request.body())
                            .at("/messages/1/content")
                            .asString())
                    .contains("The tomatoes in my garden are ripe."));
  }

  @Test
  void whatTheModelCouldNotDoIsTriedAgain() {
    MODEL.behave(
        answer -> {
          if (MODEL.requests().size() < 3) {
            ModelStandIn.saysAsAWhole("I would rather talk about the weather.").answer(answer);
          } else {
            UNDERSTANDS.answer(answer);
          }
        });
    PairId pair = newPair();

    talk(pair, "The tomatoes in my garden are ripe.");

    await().until(() -> understood(pair, "test-model") == 1);
    assertThat(MODEL.requests()).hasSize(3);
  }

  @Test
  void whereTheModelFailsTooOftenTheExtractStandsIn() {
    MODEL.behave(ModelStandIn.fails(503));
    PairId pair = newPair();

    talk(pair, "The tomatoes in my garden are ripe.");

    await().until(() -> understood(pair, "extract") == 1);
    assertThat(MODEL.requests()).hasSize(3);
    assertThat(rows("conversation", of(pair) + " AND summary LIKE '%tomatoes%'")).isOne();
  }

  /** A conversation of the past, which has ended. */
  private void talk(PairId pair, String content) {
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            Map.of(
                "messages",
                List.of(
                    Map.of(
                        "role", "user", "content", content, "created_at", "2024-03-01T10:00:00Z"))))
        .exchange()
        .expectStatus()
        .isCreated();
  }

  private long understood(PairId pair, String by) {
    return rows("conversation", of(pair) + " AND summarised_by = '" + by + "'");
  }
}
