package io.mybella.memory.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.erasure.AccountEraser;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.erasure.Forgetting;
import io.mybella.memory.erasure.PersonaErasure;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

class ImportIT extends MemoryServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Autowired private KnownPersonas personas;
  @Autowired private Forgetting forgetting;
  @Autowired private PersonaErasure erasure;
  @Autowired private ErasedAccounts accounts;
  @Autowired private AccountEraser eraser;

  @Test
  void aHistoryComesAlongInItsOrderAndOnce() {
    PairId pair = newPair();
    List<Map<String, Object>> rows =
        List.of(
            message(1, "user", "good morning", "2023-04-05T06:07:08.000001Z"),
            message(2, "assistant", "hello", "2023-04-05T06:07:08.000001Z"),
            message(3, "user", "I want to run", "2023-04-05T06:07:09Z"),
            message(4, "user", "back again", "2024-01-01T00:00:00Z"));
    rows.get(1).put("model", "gpt-4");
    rows.get(1).put("tokens", 7);
    rows.get(1).put("metadata", Map.of("legacy", Map.of("sentiment", "happy")));

    assertThat(outcomes(messages(pair, rows.subList(0, 2)))).containsOnly("imported");
    assertThat(outcomes(messages(pair, rows)))
        .containsExactly("present", "present", "imported", "imported");
    assertThat(outcomes(messages(pair, rows))).containsOnly("present");

    say(pair, "and today");
    assertThat(texts(pair))
        .containsExactly("good morning", "hello", "I want to run", "back again", "and today");
    Map<String, Object> reply = first(page(pair, 200, null), 1);
    assertThat(reply.get("role")).isEqualTo("assistant");
    assertThat(reply.get("model")).isEqualTo("gpt-4");
    assertThat(reply.get("metadata")).isEqualTo(Map.of("legacy", Map.of("sentiment", "happy")));
    assertThat(reply.get("created_at")).isEqualTo("2023-04-05T06:07:08.000001Z");
    assertThat(rows("conversation", of(pair) + " AND message_count > 0")).isEqualTo(3);
  }

  @Test
  void whatWasDeletedHereSinceDoesNotComeBack() {
    PairId pair = newPair();
    List<Map<String, Object>> rows =
        List.of(
            message(1, "user", "one", "2023-04-05T06:07:08Z"),
            message(2, "user", "two", "2023-04-05T06:07:09Z"),
            message(3, "user", "three", "2023-04-05T06:07:09Z"));
    messages(pair, rows.subList(0, 2));
    String id = String.valueOf(first(page(pair, 10, null), 1).get("id"));
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "/" + id)
        .exchange()
        .expectStatus()
        .is2xxSuccessful();

    List<Map<String, Object>> again = messages(pair, rows);

    assertThat(outcomes(again)).containsExactly("present", "skipped", "imported");
    assertThat(String.valueOf(again.get(1).get("reason"))).startsWith("deleted here since");
    assertThat(texts(pair)).containsExactly("one", "three");
  }

  @Test
  void whatWasForgottenStaysForgottenAlsoOnceItIsErased() {
    PairId pair = newPair();
    List<Map<String, Object>> rows =
        List.of(
            message(1, "user", "remember that I like tea", "2023-04-05T06:07:08Z"),
            message(2, "assistant", "noted", "2023-04-05T06:07:09Z"));
    Map<String, Object> preference = preference(1, "food", "favourite dish", "soup");
    messages(pair, rows);
    preferences(pair, preference);
    conversations(pair, conversation(1, "2023-04-05T06:00:00Z", "They spoke of tea."));

    forgetting.forget(pair);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              for (String table : List.of("chat_message", "conversation", "preference")) {
                assertThat(rows(table, of(pair))).as(table).isZero();
              }
            });

    assertThat(reasons(messages(pair, rows)))
        .allMatch(reason -> reason.startsWith("deleted here since"));
    assertThat(reasons(preferences(pair, preference)))
        .allMatch(reason -> reason.startsWith("deleted here since"));
    assertThat(reasons(conversations(pair, conversation(1, "2023-04-05T06:00:00Z", "They spoke."))))
        .allMatch(reason -> reason.startsWith("deleted here since"));
    assertThat(texts(pair)).isEmpty();
    // What is new in the file is not what was forgotten.
    assertThat(
            outcomes(messages(pair, List.of(message(9, "user", "later", "2023-05-05T06:07:08Z")))))
        .containsExactly("imported");
  }

  @Test
  void whatIsKnownOfImportsGoesWithThePersonaAndWithTheAccount() {
    PairId pair = newPair();
    PairId other = newPair();
    var row = message(1, "user", "hello", "2023-04-05T06:07:08Z");
    messages(pair, List.of(row));
    messages(other, List.of(row));
    assertThat(rows("import_origin", of(pair))).isOne();

    erasure.mark(pair.personaId(), UUID.randomUUID());
    accounts.mark(other.userId(), UUID.randomUUID());
    eraser.erase(other.userId());

    for (PairId gone : List.of(pair, other)) {
      await().atMost(LIMIT).until(() -> rows("persona_memory", of(gone)) == 0);
      assertThat(rows("import_origin", of(gone))).isZero();
      List<Map<String, Object>> again = messages(gone, List.of(row));
      assertThat(reasons(again)).allMatch(reason -> reason.startsWith("deleted here since"));
      assertThat(rows("persona_memory", of(gone))).isZero();
    }
  }

  @Test
  void aPersonaIsAskedForAgainUntilItIsKnownAndNobodyElsesIsTaken() {
    long user = newId();
    PairId unknown = new PairId(user, newId());
    var rows = List.of(message(1, "user", "hello", "2023-04-05T06:07:08Z"));
    post("messages", body(unknown, rows)).expectStatus().isEqualTo(409);
    post("conversations", body(unknown, List.of(conversation(1, "2023-04-05T06:00:00Z", "x"))))
        .expectStatus()
        .isEqualTo(409);
    personas.learn(new KnownPersona(unknown.personaId(), user, false, 1));
    assertThat(outcomes(messages(unknown, rows)))
        .as("one that is switched off comes with its memory")
        .containsExactly("imported");
    assertThat(texts(unknown)).containsExactly("hello");

    PairId foreign = new PairId(newId(), unknown.personaId());
    assertThat(reasons(messages(foreign, rows)))
        .containsExactly("the persona belongs to somebody else");
    assertThat(rows("persona_memory", of(foreign))).isZero();
  }

  @Test
  void whatWasNotedOfAConversationStandsWhetherItWasUnderstoodBeforeOrNot() {
    PairId before = newPair();
    PairId after = newPair();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      rows.add(
          message(
              i, "user", "My knee hurts when I run in the park.", "2023-04-05T06:0" + i + ":00Z"));
    }
    Map<String, Object> noted = conversation(7, "2023-04-05T06:00:00Z", "They spoke of knees.");
    noted.put("key_topics", List.of("knees"));
    Map<String, Object> second = conversation(8, "2023-04-05T06:04:00Z", "And of parks.");
    messages(before, rows);
    awaitUnderstood(before);
    conversations(before, noted, second);
    messages(after, rows);
    conversations(after, noted, second);
    awaitUnderstood(after);

    for (PairId pair : List.of(before, after)) {
      Map<String, Object> conversation = only(pair);
      assertThat(conversation.get("summary")).isEqualTo("They spoke of knees.\nAnd of parks.");
      assertThat(conversation.get("key_topics")).isEqualTo(List.of("knees"));
      assertThat(conversation.get("title")).isNotNull();
      assertThat(conversation.get("message_count")).isEqualTo(6);
      assertThat(outcomes(conversations(pair, noted, second))).containsOnly("present");
      assertThat(only(pair).get("summary")).isEqualTo("They spoke of knees.\nAnd of parks.");
    }
  }

  @Test
  void aConversationOfWhichNothingElseIsLeftStandsAlone() {
    PairId pair = newPair();
    var noted = conversation(1, "2022-01-01T00:00:00Z", "Long ago. " + "x".repeat(3_000));
    noted.put("user_mood", "sad");
    noted.put("important_facts", List.of("has a cat", " "));

    assertThat(reasons(conversations(pair, noted))).first().asString().contains("stands alone");
    assertThat(outcomes(conversations(pair, conversation(2, "2022-02-01T00:00:00Z", " "))))
        .containsExactly("present");

    Map<String, Object> conversation = only(pair);
    assertThat(String.valueOf(conversation.get("summary"))).startsWith("Long ago.");
    assertThat(String.valueOf(conversation.get("summary")).length()).isLessThanOrEqualTo(2_000);
    assertThat(conversation.get("important_facts")).isEqualTo(List.of("has a cat"));
    assertThat(conversation.get("user_mood")).isEqualTo("sad");
    assertThat(conversation.get("started_at")).isEqualTo("2022-01-01T00:00:00Z");
  }

  @Test
  void preferencesComeAlongWithTheirHistoryAndYieldToWhatIsKnownHere() {
    PairId pair = newPair();
    say(pair, "My favourite colour is green.");
    var colour = preference(1, "favourites", "favourite colour", "red");
    var dish = preference(2, "Food", "Favourite/Dish", "soup");
    dish.put("times_observed", 5);
    dish.put("confidence", 0.8);
    dish.put("first_observed", "2023-01-01T00:00:00Z");
    dish.put("last_confirmed", "2023-06-01T00:00:00Z");

    List<Map<String, Object>> results = preferences(pair, colour, dish);

    assertThat(results.get(1).get("outcome")).isEqualTo("imported");
    assertThat(String.valueOf(results.get(1).get("reason"))).contains("name");
    assertThat(outcomes(preferences(pair, colour, dish))).containsOnly("present");
    List<Map<String, Object>> known = known(pair);
    assertThat(known)
        .anySatisfy(
            fact -> {
              assertThat(fact.get("value")).isEqualTo("soup");
              assertThat(fact.get("key")).isEqualTo("favourite dish");
              assertThat(fact.get("category")).isEqualTo("food");
              assertThat(fact.get("source")).isEqualTo("imported");
              assertThat(fact.get("times_observed")).isEqualTo(5);
              assertThat(fact.get("first_observed")).isEqualTo("2023-01-01T00:00:00Z");
              assertThat(fact.get("last_confirmed")).isEqualTo("2023-06-01T00:00:00Z");
            })
        .anySatisfy(fact -> assertThat(fact.get("value")).isEqualTo("green"));
    as(pair.userId())
        .delete()
        .uri("/api/personas/%d/memory/preferences/food/favourite dish".formatted(pair.personaId()))
        .exchange()
        .expectStatus()
        .is2xxSuccessful();
    assertThat(reasons(preferences(pair, dish)))
        .allMatch(reason -> reason.startsWith("deleted here since"));
  }

  @Test
  void whatCannotBeReadIsRefusedAndNothingOfItStays() {
    PairId pair = newPair();
    var good = message(1, "user", "hello", "2023-04-05T06:07:08Z");
    List<Map<String, Object>> bad = new ArrayList<>();
    for (var change :
        List.<Map.Entry<String, Object>>of(
            Map.entry("role", "bot"),
            Map.entry("key", "a b"),
            Map.entry("content", ""),
            Map.entry("content", "x".repeat(32_001)),
            Map.entry("created_at", "1969-12-31T23:59:59Z"),
            Map.entry("created_at", Instant.now().plusSeconds(3_600).toString()),
            Map.entry("tokens", -1))) {
      Map<String, Object> row = message(2, "user", "other", "2023-04-05T06:07:08Z");
      row.put(change.getKey(), change.getValue());
      bad.add(row);
    }
    for (Map<String, Object> row : bad) {
      post("messages", body(pair, List.of(good, row))).expectStatus().isBadRequest();
    }
    post("messages", body(pair, List.of(good, good))).expectStatus().isBadRequest();
    post("messages", body(pair, List.of())).expectStatus().isBadRequest();
    post("messages", Map.of("rows", List.of(good))).expectStatus().isBadRequest();
    post("conversations", body(pair, List.of(Map.of("key", "c:1", "summary", "x"))))
        .expectStatus()
        .isBadRequest();
    post("preferences", body(pair, List.of(preference(1, "c", "%%", "x"))))
        .expectStatus()
        .isBadRequest();
    assertThat(rows("chat_message", of(pair))).isZero();
    assertThat(rows("import_origin", of(pair))).isZero();
    as(pair.userId())
        .post()
        .uri("/internal/import/messages")
        .contentType(MediaType.APPLICATION_JSON)
        .body(body(pair, List.of(good)))
        .exchange()
        .expectStatus()
        .isUnauthorized();
  }

  private void awaitUnderstood(PairId pair) {
    await()
        .atMost(LIMIT)
        .until(() -> rows("conversation", of(pair) + " AND summarised_at IS NULL") == 0);
  }

  private Map<String, Object> only(PairId pair) {
    List<Map<String, Object>> all =
        list(
            answer(
                as(pair.userId())
                    .get()
                    .uri("/api/personas/%d/memory/conversations".formatted(pair.personaId()))
                    .exchange()
                    .expectStatus()
                    .isOk()),
            "conversations");
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private List<Map<String, Object>> known(PairId pair) {
    return list(
        answer(
            as(pair.userId())
                .get()
                .uri("/api/personas/%d/memory/preferences".formatted(pair.personaId()))
                .exchange()
                .expectStatus()
                .isOk()),
        "preferences");
  }

  private static Map<String, Object> message(int id, String role, String content, String at) {
    return new HashMap<>(
        Map.of("key", "chat_messages:" + id, "role", role, "content", content, "created_at", at));
  }

  private static Map<String, Object> conversation(int id, String from, String summary) {
    return new HashMap<>(
        Map.of("key", "conversation_memories:" + id, "started_at", from, "summary", summary));
  }

  private static Map<String, Object> preference(
      int id, String category, String name, String value) {
    return new HashMap<>(
        Map.of(
            "key", "user_preferences:" + id, "category", category, "name", name, "value", value));
  }

  private List<Map<String, Object>> messages(PairId pair, List<?> rows) {
    return results("messages", pair, rows);
  }

  private List<Map<String, Object>> conversations(PairId pair, Object... rows) {
    return results("conversations", pair, List.of(rows));
  }

  private List<Map<String, Object>> preferences(PairId pair, Object... rows) {
    return results("preferences", pair, List.of(rows));
  }

  private List<Map<String, Object>> results(String path, PairId pair, List<?> rows) {
    List<Map<String, Object>> results =
        list(answer(post(path, body(pair, rows)).expectStatus().isOk()), "results");
    assertThat(results).hasSize(rows.size());
    return results;
  }

  private RestTestClient.ResponseSpec post(String path, Object body) {
    return asNobody()
        .post()
        .uri("/internal/import/" + path)
        .header("Authorization", "Bearer " + TestTokens.OPERATOR)
        .contentType(MediaType.APPLICATION_JSON)
        .body(body)
        .exchange();
  }

  private static Map<String, Object> body(PairId pair, List<?> rows) {
    return Map.of("user_id", pair.userId(), "persona_id", pair.personaId(), "rows", rows);
  }

  private static Stream<Object> outcomesOf(List<Map<String, Object>> results) {
    return results.stream().map(each -> each.get("outcome"));
  }

  private static List<Object> outcomes(List<Map<String, Object>> results) {
    return outcomesOf(results).toList();
  }

  private static List<String> reasons(List<Map<String, Object>> results) {
    return results.stream().map(each -> String.valueOf(each.get("reason"))).toList();
  }

  private static Map<String, Object> first(Map<String, Object> page, int index) {
    return list(page, "messages").get(index);
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> list(Map<String, Object> body, String member) {
    return (List<Map<String, Object>>) Objects.requireNonNull(body.get(member));
  }
}
