package io.mybella.memory.understanding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.model.testing.ModelStandIn;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service with models, from a conversation that has ended to what is kept of it, and from a
 * message to its vector.
 */
class ModelUnderstandingIT extends MemoryServiceTest {

  private static final ModelStandIn MODEL = new ModelStandIn();
  private static final ModelStandIn.Behaviour UNDERSTANDS =
      ModelStandIn.saysAsAWhole(
          """
          {"title": "Tomatoes", "summary": "The tomatoes are ripe.", "key_topics": ["garden"],
           "user_mood": "glad", "important_facts": ["Has a garden."]}
          """);

  private static final ModelStandIn VECTORS = new ModelStandIn();
  private static final ModelStandIn.Behaviour EMBEDS =
      ModelStandIn.embeds(_ -> new float[] {0.5f, -1});

  static {
    VECTORS.behave(EMBEDS);
  }

  @Autowired private CircuitBreakerRegistry breakers;

  @DynamicPropertySource
  static void model(DynamicPropertyRegistry properties) {
    properties.add("mybella.memory.model.base-url", MODEL::baseUrl);
    properties.add("mybella.memory.model.name", () -> "test-model");
    properties.add("mybella.memory.embedding.kind", () -> "remote");
    properties.add("mybella.memory.embedding.remote.base-url", VECTORS::baseUrl);
    properties.add("mybella.memory.embedding.remote.name", () -> "test-vectors");
    properties.add("mybella.memory.work.first-pause", () -> "20ms");
    properties.add("mybella.memory.work.longest-pause", () -> "20ms");
  }

  @BeforeEach
  void allIsWell() {
    breakers.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
  }

  @Test
  void whatIsSaidGetsItsVectorEvenIfItsModelFailsAtFirst() {
    var fails = new AtomicBoolean(true);
    VECTORS.behave(
        answer -> (fails.getAndSet(false) ? ModelStandIn.fails(503) : EMBEDS).answer(answer));
    PairId pair = newPair();
    say(pair, "I water the tomatoes.");
    await()
        .until(
            () ->
                rows(
                        "message_vector",
                        of(pair)
                            + " AND model = 'test-vectors' AND dimensions = 2 AND vector ="
                            + " '\\x4081'")
                    == 1);
    assertThat(fails).isFalse();
    await().until(() -> rows("memory_work", of(pair) + " AND kind = 'embed'") == 0);
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
  void whatTheUserToldIsAFactOfItsMessageAndNoSurerWhenItIsReadAgain() {
    MODEL.behave(
        ModelStandIn.saysAsAWhole(
            """
            {"title": "Tomatoes", "summary": "Ripe.", "facts": [
              {"number": 0, "category": "Home", "key": "has", "value": "a garden"},
              {"number": 1, "category": "a/b", "key": "cannot", "value": "be named"}]}
            """));
    PairId pair = newPair();
    List<String> messages = talk(pair, "The tomatoes in my garden are ripe.", "All of them.");
    await().until(() -> understood(pair, "test-model") == 1);
    String fact =
        of(pair)
            + " AND category = 'home' AND key = 'has' AND value = 'a garden' AND source ="
            + " 'inferred' AND confidence = 0.6 AND times_observed = 1 AND last_confirmed ="
            + " '2024-03-01T10:00:00Z' AND learned_from = '"
            + messages.getFirst()
            + "'";
    assertThat(rows("preference", fact)).isOne();
    assertThat(rows("preference", of(pair))).isOne();

    edit(pair, messages.getLast(), "Each of them.");
    await().until(() -> rows("conversation", of(pair) + " AND revision = 3") == 1);
    assertThat(rows("preference", fact)).isOne();
    assertThat(rows("preference", of(pair))).isOne();
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

  /** A conversation of the past, which has ended; the ids of its messages. */
  @SuppressWarnings("unchecked") // JSON is untyped
  private List<String> talk(PairId pair, String... contents) {
    List<Map<String, String>> said =
        Arrays.stream(contents)
            .map(
                each ->
                    Map.of("role", "user", "content", each, "created_at", "2024-03-01T10:00:00Z"))
            .toList();
    Map<String, Object> stored =
        answer(
            as(pair.userId())
                .post()
                .uri(messages(pair) + "/batch")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("messages", said))
                .exchange()
                .expectStatus()
                .isCreated());
    return ((List<Map<String, String>>) stored.get("messages"))
        .stream().map(each -> each.get("id")).toList();
  }

  private void edit(PairId pair, String message, String content) {
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + message)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", content))
        .exchange()
        .expectStatus()
        .isOk();
  }

  private long understood(PairId pair, String by) {
    return rows("conversation", of(pair) + " AND summarised_by = '" + by + "'");
  }
}
