package io.mybella.memory.context.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.token.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

/** A context has what was said long ago, where it bears on what is said now. */
class RecalledContextIT extends MemoryServiceTest {

  private static final String CAT = "My cat is called Minka and she only eats tuna.";

  private PairId pair;

  @BeforeEach
  void aHistory() {
    pair = newPair();
    List<Map<String, Object>> messages = new ArrayList<>();
    messages.add(said(CAT, "2023-05-01T10:00:00Z"));
    for (int i = 0; i < 40; i++) {
      messages.add(said("Small talk about the weather, part " + i, "2024-05-01T10:00:00Z"));
    }
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("messages", messages))
        .exchange()
        .expectStatus()
        .isCreated();
  }

  @Test
  void whatBearsOnTheQueryIsRecalledBesideTheRecentMessages() {
    Map<String, Object> context = context("&query={q}", "What does my cat eat?");
    assertThat(recalled(context)).first().isEqualTo(CAT);
    assertThat(texts(context)).hasSize(20).doesNotContain(CAT);
    // What is brought in from the past is summarised meanwhile.
    await()
        .untilAsserted(
            () ->
                assertThat(context("&query={q}", "What does my cat eat?"))
                    .isEqualTo(context("&query={q}", "What does my cat eat?")));
  }

  @Test
  void whatIsAmongTheRecentMessagesIsNotToldTwice() {
    Map<String, Object> context = context("&query={q}", "the weather, part 39 and part 3");
    assertThat(recalled(context)).isNotEmpty().doesNotContainAnyElementsOf(texts(context));
  }

  @Test
  void nothingIsRecalledOfWhatTheHistoryDoesNotKnow() {
    assertThat(
            recalled(
                context(
                    "&query={q}", "Which trains go to Lisbon on Sunday, and is my cat allowed?")))
        .isEmpty();
    assertThat(recalled(context("&query={q}", "Which blood type do I have?"))).isEmpty();
    assertThat(recalled(context("", ""))).isEmpty();
    assertThat(recalled(context("&query={q}", " "))).isEmpty();
  }

  @Test
  void whatIsRecalledTakesAQuarterOfTheBudget() {
    int tokens = Tokens.of(CAT);
    assertThat(recalled(context("&query={q}&max_tokens=" + 4 * tokens, "tuna cat")))
        .containsExactly(CAT);
    assertThat(recalled(context("&query={q}&max_tokens=" + (4 * tokens - 4), "tuna cat")))
        .isEmpty();
  }

  private static Map<String, Object> said(String text, String time) {
    return Map.of("role", "user", "content", text, "created_at", time);
  }

  private Map<String, Object> context(String more, String query) {
    return answer(
        as(pair.userId())
            .get()
            .uri("/api/personas/{id}/memory/context?limit=20" + more, pair.personaId(), query)
            .exchange()
            .expectStatus()
            .isOk());
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Object> recalled(Map<String, Object> context) {
    return ((List<Map<String, Object>>) Objects.requireNonNull(context.get("recalled")))
        .stream().map(each -> each.get("content")).toList();
  }
}
