package io.mybella.memory.understanding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.conversation.ConversationFollower;
import io.mybella.memory.conversation.ConversationFollower.Learned;
import io.mybella.memory.pair.PairId;
import io.mybella.model.testing.ModelStandIn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
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

  private static final BlockingQueue<Learned> LEARNED = new LinkedBlockingQueue<>();

  @Autowired private CircuitBreakerRegistry breakers;

  @TestConfiguration
  static class Followers {
    @Bean
    ConversationFollower follower() {
      return (_, facts) -> LEARNED.addAll(facts);
    }
  }

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
  void whatTheUserToldIsHandedOnWithTheMessageThatSaysSo() throws Exception {
    MODEL.behave(
        ModelStandIn.saysAsAWhole(
            """
            {"title": "Tomatoes", "summary": "Ripe.", "facts": [
              {"number": 0, "category": "home", "key": "has", "value": "a garden"}]}
            """));
    PairId pair = newPair();

    talk(pair, "The tomatoes in my garden are ripe.");

    Learned learned = LEARNED.poll(30, TimeUnit.SECONDS);
    assertThat(learned)
        .extracting(Learned::category, Learned::key, Learned::value, Learned::at)
        .containsExactly("home", "has", "a garden", Instant.parse("2024-03-01T10:00:00Z"));
    assertThat(rows("chat_message", of(pair) + " AND id = '" + learned.message() + "'")).isOne();
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
