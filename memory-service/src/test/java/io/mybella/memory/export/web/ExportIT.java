package io.mybella.memory.export.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.WholeHistory;
import io.mybella.memory.pair.PairId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** All that is remembered can be taken along, and brought back. */
class ExportIT extends MemoryServiceTest {

  private static final String LONG_AGO = "2024-03-01T10:00:00.123456Z";

  @Autowired private WholeHistory history;

  @Test
  void everyKindOfMessageComesBackAsItWasWhenItIsImported() {
    PairId pair = newPair();
    rememberEveryKind(pair);
    List<String> lines = messages(export(pair));
    PairId other = new PairId(pair.userId(), personaOf(pair.userId()));

    bringBack(other, lines).expectStatus().isCreated();
    bringBack(other, lines).expectStatus().isOk();

    List<String> again = messages(export(other));
    assertThat(again).hasSize(5);
    assertThat(again.stream().map(ExportIT::kept))
        .containsExactlyElementsOf(lines.stream().map(ExportIT::kept).toList());
    assertThat(again)
        .extracting(line -> json(line).get("id"))
        .doesNotContainAnyElementsOf(ids(lines));
  }

  @Test
  void linesHaveWhatMessagesHaveAndNothingElse() {
    PairId pair = newPair();
    rememberEveryKind(pair);

    List<String> lines = export(pair);

    assertThat(lines.stream().map(line -> json(line).get("type").asString()))
        .containsExactly(
            "conversation", "conversation", "message", "message", "message", "message", "message");
    assertThat(messages(lines).stream().map(line -> json(line).get("content").asString()))
        .containsExactly("of the past", "{\"a\\b\"}\n\u2028\u0001 🙂", "Hi!", "Be kind", "changed");
    assertThat(Set.copyOf(json(messages(lines).get(3)).propertyNames()))
        .containsExactlyInAnyOrder(
            "type", "id", "conversation_id", "role", "content", "created_at", "client_message_id");
    JsonNode reply = json(messages(lines).get(2));
    assertThat(reply.get("in_reply_to")).isEqualTo(json(messages(lines).get(1)).get("id"));
    assertThat(reply.get("client_message_id").asString()).isEqualTo("reply 1");
    assertThat(reply.at("/metadata/mood/2/deep").asBoolean()).isTrue();
    assertThat(json(messages(lines).get(1)).get("client_message_id"))
        .isEqualTo(json(messages(lines).get(1)).get("id"));
    assertThat(json(messages(lines).get(4)).has("edited_at")).isTrue();
    List<Map.Entry<Boolean, Integer>> conversations =
        lines.subList(0, 2).stream()
            .map(ExportIT::json)
            .map(
                each -> Map.entry(each.get("ended_at").isNull(), each.get("message_count").asInt()))
            .toList();
    assertThat(conversations).containsExactlyInAnyOrder(Map.entry(true, 4), Map.entry(false, 1));
  }

  @Test
  void whatWasLearnedComesWithItsHistoryInItsOrderAndCanBeSetAgain() {
    PairId pair = newPair();
    for (int i = 0; i < 20; i++) {
      say(pair, "My favourite number is " + i);
    }
    say(pair, "Remember that I sing");

    List<JsonNode> lines =
        export(pair).stream()
            .map(ExportIT::json)
            .filter(line -> line.get("type").asString().equals("preference"))
            .toList();

    assertThat(lines)
        .extracting(line -> line.get("value").asString())
        .containsExactlyElementsOf(
            Stream.concat(IntStream.range(0, 20).mapToObj(Integer::toString), Stream.of("I sing"))
                .toList());
    assertThat(Set.copyOf(lines.getFirst().propertyNames()))
        .containsExactlyInAnyOrder(
            "type",
            "category",
            "key",
            "value",
            "confidence",
            "source",
            "learned_from",
            "first_observed",
            "last_confirmed",
            "times_observed",
            "valid_from",
            "valid_until");
    assertThat(lines.getFirst().get("valid_until")).isEqualTo(lines.get(1).get("valid_from"));
    assertThat(lines.getLast().get("valid_until").isNull()).isTrue();
    PairId other = new PairId(pair.userId(), personaOf(pair.userId()));
    for (JsonNode line : lines) {
      as(other.userId())
          .put()
          .uri(
              "/api/personas/{id}/memory/preferences/{category}/{key}",
              other.personaId(),
              line.get("category").asString(),
              line.get("key").asString())
          .contentType(MediaType.APPLICATION_JSON)
          .body(line.toString())
          .exchange()
          .expectStatus()
          .is2xxSuccessful();
    }
    assertThat(
            export(other).stream()
                .map(ExportIT::json)
                .map(line -> line.get("value").asString() + line.get("valid_until").isNull()))
        .containsExactlyElementsOf(
            lines.stream()
                .map(line -> line.get("value").asString() + line.get("valid_until").isNull())
                .toList());
  }

  @Test
  void itIsAFileOfJsonLines() {
    PairId pair = newPair();
    say(pair, "hello");
    exchange(pair)
        .expectStatus()
        .isOk()
        .expectHeader()
        .contentType("application/jsonl")
        .expectHeader()
        .valueEquals("Cache-Control", "no-store")
        .expectHeader()
        .valueEquals(
            "Content-Disposition",
            "attachment; filename=\"persona-%d-memory.jsonl\"".formatted(pair.personaId()));
    assertThat(body(pair)).startsWith("{\"type\":\"conversation\",").endsWith("}\n");
    assertThat(body(newPair())).isEmpty();
    as(pair.userId())
        .get()
        .uri(path(pair))
        .accept(MediaType.APPLICATION_XML)
        .exchange()
        .expectStatus()
        .isEqualTo(406);
  }

  @Test
  void aLongHistoryComesWholeAndInOrder() {
    PairId pair = newPair();
    say(pair, "n1");
    add(pair, "'n' || n || ' ' || repeat('é', n % 700)", 2, 1_000);
    add(pair, "rpad('n' || n || ' ', 32000, '🙂')", 1_001, 1_003);
    add(pair, "'n' || n", 1_004, 2_000);

    List<String> lines = messages(export(pair));

    assertThat(lines.stream().map(line -> json(line).get("content").asString().split(" ", 2)[0]))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 2_000).mapToObj(n -> "n" + n).toList());
    String longest = json(lines.get(1_001)).get("content").asString();
    assertThat(longest.codePointCount(0, longest.length())).isEqualTo(32_000);
  }

  @Test
  void manyConversationsComeWholeAndInOrder() {
    PairId pair = newPair();
    say(pair, "hello");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at,
                      ended_at, summary, key_topics, important_facts)
                    SELECT %d, %d, uuidv7(), now(), now(), now(), 'n' || n, '{a,"b c"}', '{d}'
                    FROM generate_series(1, 450) AS n
                    """
                        .formatted(pair.userId(), pair.personaId()))
                .update());

    List<JsonNode> lines = export(pair).stream().map(ExportIT::json).toList();

    assertThat(lines).hasSize(452);
    assertThat(lines.subList(1, 451))
        .extracting(each -> each.get("summary").asString())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 450).mapToObj(n -> "n" + n).toList());
    assertThat(lines.get(1).get("key_topics"))
        .isEqualTo(JsonMapper.shared().valueToTree(List.of("a", "b c")));
    assertThat(lines.get(1).get("important_facts"))
        .isEqualTo(JsonMapper.shared().valueToTree(List.of("d")));
    assertThat(lines.get(1).get("user_mood").isNull()).isTrue();
  }

  @Test
  void whatIsSaidMeanwhileDoesNotKeepItFromEnding() {
    PairId pair = newPair();
    say(pair, "n1");
    add(pair, "'n' || n", 2, 500);
    List<String> read = new ArrayList<>();
    try (Stream<Message> messages = history.messages(pair)) {
      messages.forEach(
          message -> {
            read.add(message.content());
            if (read.size() % 100 == 0) {
              say(pair, "meanwhile");
            }
          });
    }
    assertThat(read).hasSize(500).doesNotContain("meanwhile");
  }

  @Test
  void nothingOfOthersAndOfOtherPersonasIsInIt() {
    long everybodys = systemPersona();
    PairId mine = new PairId(newId(), everybodys);
    PairId yours = new PairId(newId(), everybodys);
    PairId another = new PairId(mine.userId(), personaOf(mine.userId()));
    say(mine, "mine");
    say(yours, "yours");
    say(another, "another");

    assertThat(export(mine)).hasSize(2).last().asString().contains("\"mine\"");
    assertThat(body(mine)).doesNotContain("yours", "another");
    exchange(new PairId(yours.userId(), another.personaId()))
        .expectStatus()
        .isNotFound()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .expectHeader()
        .doesNotExist("Content-Disposition");
    exchange(new PairId(mine.userId(), newId())).expectStatus().isNotFound();
  }

  @Test
  void whatIsForgottenIsNotInIt() {
    PairId pair = newPair();
    rememberEveryKind(pair);
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    assertThat(body(pair)).isEmpty();
    say(pair, "since");
    assertThat(export(pair)).hasSize(2).last().asString().contains("since");
  }

  private void rememberEveryKind(PairId pair) {
    Object asked = say(pair, "{\"a\\b\"}\n\u2028\u0001 🙂").get("id");
    post(
            pair,
            "",
            Map.of(
                "role", "assistant",
                "content", "Hi!",
                "model", "m 1",
                "tokens", 7,
                "client_message_id", "reply 1",
                "in_reply_to", asked,
                "metadata", Map.of("mood", List.of("glad", 1.5, Map.of("deep", true)))))
        .expectStatus()
        .isCreated();
    post(pair, "", Map.of("role", "system", "content", "Be kind")).expectStatus().isCreated();
    Object edited = say(pair, "to be changed").get("id");
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + edited)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", "changed"))
        .exchange()
        .expectStatus()
        .isOk();
    Map<String, Object> past = new LinkedHashMap<>();
    past.put("role", "user");
    past.put("content", "of the past");
    past.put("created_at", LONG_AGO);
    past.put("metadata", Map.of());
    post(pair, "/batch", Map.of("messages", List.of(past))).expectStatus().isCreated();
  }

  private ResponseSpec bringBack(PairId pair, List<String> lines) {
    return post(pair, "/batch", "{\"messages\":[" + String.join(",", lines) + "]}");
  }

  private ResponseSpec post(PairId pair, String path, Object body) {
    return as(pair.userId())
        .post()
        .uri(messages(pair) + path)
        .contentType(MediaType.APPLICATION_JSON)
        .body(body)
        .exchange();
  }

  /** Has messages stored in the open conversation, past the service. */
  private void add(PairId pair, String content, int from, int to) {
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO chat_message
                      (user_id, persona_id, id, conversation_id, role, content, created_at)
                    SELECT user_id, persona_id, uuidv7(), id, 'user', %s, now()
                    FROM conversation, generate_series(%d, %d) AS n WHERE %s
                    """
                        .formatted(content, from, to, of(pair)))
                .update());
  }

  private List<String> export(PairId pair) {
    return body(pair).lines().toList();
  }

  private String body(PairId pair) {
    byte[] body =
        exchange(pair)
            .expectStatus()
            .isOk()
            .expectBody(byte[].class)
            .returnResult()
            .getResponseBody();
    return body == null ? "" : new String(body, UTF_8);
  }

  private ResponseSpec exchange(PairId pair) {
    return as(pair.userId()).get().uri(path(pair)).exchange();
  }

  private static String path(PairId pair) {
    return "/api/personas/" + pair.personaId() + "/memory/export";
  }

  private static List<String> messages(List<String> lines) {
    return lines.stream()
        .filter(line -> json(line).get("type").asString().equals("message"))
        .toList();
  }

  private static List<JsonNode> ids(List<String> lines) {
    return lines.stream().map(line -> Objects.requireNonNull(json(line).get("id"))).toList();
  }

  /** What an import keeps of a line. */
  private static JsonNode kept(String line) {
    return ((ObjectNode) json(line))
        .without(Set.of("id", "conversation_id", "in_reply_to", "edited_at"));
  }

  private static JsonNode json(String line) {
    return JsonMapper.shared().readTree(line);
  }
}
