package io.mybella.memory.history.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** Many messages at once: all or none, in order, once. */
class MessageBatchIT extends MemoryServiceTest {

  private static final Instant LONG_AGO = Instant.parse("2024-03-01T10:00:00.123456Z");

  @Test
  void fiveHundredAreStoredInOrderAfterWhatIsThere() {
    PairId pair = newPair();
    say(pair, "before");
    List<Map<String, Object>> messages =
        IntStream.range(0, 500).mapToObj(i -> said("m" + i, "tokens", 2)).toList();

    Map<String, Object> stored = answer(batch(pair, messages).expectStatus().isCreated());

    assertThat(stored).containsEntry("stored", 500);
    say(pair, "after");
    List<Map<String, Object>> read = forward(pair);
    assertThat(read)
        .extracting(each -> each.get("content"))
        .startsWith("before", "m0")
        .containsSubsequence(messages.stream().map(each -> each.get("content")).toList())
        .endsWith("m499", "after")
        .hasSize(502);
    assertThat(read.subList(1, 501))
        .extracting(each -> each.get("id"))
        .containsExactlyElementsOf(entries(stored).stream().map(each -> each.get("id")).toList());
    assertThat(read.subList(1, 501))
        .extracting(each -> each.get("created_at"))
        .containsExactlyElementsOf(
            entries(stored).stream().map(each -> each.get("created_at")).toList())
        .doesNotHaveDuplicates();
    assertThat(rows("conversation", of(pair) + " AND message_count = 502 AND tokens_used = 1000"))
        .isOne();
  }

  @Test
  void everythingOfAMessageIsKept() {
    PairId pair = newPair();
    Map<String, Object> message =
        said(
            "🙂 {\"a,b\"} \\ NULL",
            "model",
            "m",
            "tokens",
            3,
            "client_message_id",
            "c,\"1",
            "metadata",
            Map.of("k", List.of(1, "x")));
    batch(pair, List.of(message, said("plain"))).expectStatus().isCreated();
    Map<String, Object> first = forward(pair).getFirst();
    assertThat(first).containsAllEntriesOf(message);
    assertThat(forward(pair).get(1)).containsEntry("model", null).containsEntry("metadata", null);
  }

  @Test
  void whatWasStoredUnderItsIdIsNotStoredAgain() {
    PairId pair = newPair();
    List<Map<String, Object>> messages =
        IntStream.range(0, 6).mapToObj(i -> said("m" + i, "client_message_id", "c" + i)).toList();
    Map<String, Object> first =
        answer(batch(pair, messages.subList(1, 4)).expectStatus().isCreated());

    Map<String, Object> all = answer(batch(pair, messages).expectStatus().isCreated());
    Map<String, Object> again = answer(batch(pair, messages).expectStatus().isOk());

    assertThat(all).containsEntry("stored", 3);
    assertThat(entries(all))
        .extracting(each -> each.get("repeated"))
        .containsExactly(false, true, true, true, false, false);
    assertThat(ids(all).subList(1, 4)).isEqualTo(ids(first));
    assertThat(again).containsEntry("stored", 0);
    assertThat(ids(again)).isEqualTo(ids(all));
    assertThat(rows("chat_message", of(pair))).isEqualTo(6);
    assertThat(rows("conversation", of(pair) + " AND message_count = 6")).isOne();
  }

  @Test
  void aDifferentMessageUnderAnIdThatWasUsedIs422AndNothingIsStored() {
    PairId pair = newPair();
    batch(pair, List.of(said("a", "client_message_id", "c"))).expectStatus().isCreated();
    for (Map<String, Object> other :
        List.of(
            said("b", "client_message_id", "c"),
            said("a", "client_message_id", "c", "tokens", 1),
            said("a", "client_message_id", "c", "metadata", Map.of()))) {
      batch(pair, List.of(said("new"), other)).expectStatus().isEqualTo(422);
    }
    assertThat(texts(pair)).containsExactly("a");
  }

  @Test
  void theSameKeyIsTheSameBatch() {
    PairId pair = newPair();
    List<Map<String, Object>> three = List.of(said("a"), said("b"), said("c"));
    Map<String, Object> first = answer(batch(pair, three, "k").expectStatus().isCreated());
    assertThat(ids(answer(batch(pair, three, "k").expectStatus().isOk()))).isEqualTo(ids(first));
    for (List<Map<String, Object>> other :
        List.of(
            three.subList(0, 2),
            List.of(said("a"), said("b"), said("c"), said("d")),
            List.of(said("a"), said("x"), said("c")),
            List.of(said("x"), said("b"), said("c")))) {
      batch(pair, other, "k").expectStatus().isEqualTo(422);
    }
    single(pair, said("x"), "k").expectStatus().isEqualTo(422);
    single(pair, said("one"), "s").expectStatus().isCreated();
    batch(pair, List.of(said("x"), said("y")), "s").expectStatus().isEqualTo(422);
    batch(pair, three, "other").expectStatus().isCreated();
    assertThat(rows("chat_message", of(pair))).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"messages\":null}",
        "{\"messages\":[]}",
        "{\"messages\":[null]}",
        "{\"messages\":[{}]}",
        "{\"messages\":{}}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"tool\",\"content\":\"x\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"\\u0000\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"x\",\"created_at\":\"2024-01-01T00:00:00Z\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"created_at\":\"2999-01-01T00:00:00Z\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"created_at\":\"1969-12-31T23:59:59Z\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"created_at\":\"yesterday\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"client_message_id\":\"c\"},{\"role\":\"user\",\"content\":\"x\",\"client_message_id\":\"c\"}]}"
      })
  void badInputIs400AndStoresNothing(String body) {
    PairId pair = newPair();
    post(pair, "/batch", body, null)
        .expectStatus()
        .isBadRequest()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(rows("persona_memory", of(pair))).isZero();
  }

  @Test
  void fiveHundredAndOneAreTooManyAndTwoMegabytesTooLong() {
    PairId pair = newPair();
    batch(pair, IntStream.range(0, 501).mapToObj(i -> said("m" + i)).toList())
        .expectStatus()
        .isBadRequest();
    batch(pair, IntStream.range(0, 70).mapToObj(_ -> said("x".repeat(32_000))).toList())
        .expectStatus()
        .isEqualTo(413);
    batch(pair, IntStream.range(0, 60).mapToObj(_ -> said("x".repeat(32_000))).toList())
        .expectStatus()
        .isCreated();
    assertThat(rows("chat_message", of(pair))).isEqualTo(60);
  }

  @Test
  void aForeignPersonaIs404() {
    PairId theirs = newPair();
    batch(new PairId(newId(), theirs.personaId()), List.of(said("x"))).expectStatus().isNotFound();
    assertThat(rows("chat_message", of(theirs))).isZero();
  }

  @Test
  void whatWasSaidInThePastStandsAtItsTimeInConversationsOfItsTime() {
    PairId pair = newPair();
    say(pair, "now");
    batch(
            pair,
            List.of(
                at(0, "first"), at(10, "second", "tokens", 5), at(41, "third"), at(500, "fourth")))
        .expectStatus()
        .isCreated();

    List<Map<String, Object>> read = forward(pair);
    assertThat(read)
        .extracting(each -> each.get("content"))
        .containsExactly("first", "second", "third", "fourth", "now");
    assertThat(read.getFirst()).containsEntry("created_at", LONG_AGO.toString());
    assertThat(conversations(pair))
        .containsExactly("2 of 10, 5 tokens", "1 of 0, 0 tokens", "1 of 0, 0 tokens", "open");

    batch(pair, List.of(at(60, "third and a half"), at(-5, "zeroth"), at(300, "lonely")))
        .expectStatus()
        .isCreated();
    assertThat(texts(pair))
        .as("the order of a batch is kept, and stands where its latest time is")
        .containsExactly(
            "first", "second", "third", "third and a half", "zeroth", "lonely", "fourth", "now");
    say(pair, "and on");
    assertThat(rows("conversation", of(pair) + " AND ended_at IS NULL AND message_count = 2"))
        .isOne();
    assertThat(
            rows(
                "conversation",
                of(pair) + " AND ended_at IS NOT NULL AND ended_at <> last_message_at"))
        .isZero();
  }

  @Test
  void anImportGoesOnWhereTheOneBeforeItEnded() {
    PairId pair = newPair();
    batch(pair, List.of(at(0, "a"), at(20, "b"))).expectStatus().isCreated();
    batch(pair, List.of(at(40, "c"), at(60, "d"))).expectStatus().isCreated();
    batch(pair, List.of(at(-20, "before"))).expectStatus().isCreated();
    assertThat(conversations(pair)).containsExactly("5 of 80, 0 tokens");
    assertThat(texts(pair)).containsExactly("before", "a", "b", "c", "d");
    say(pair, "now");
    assertThat(conversations(pair)).containsExactly("5 of 80, 0 tokens", "open");
  }

  @Test
  void theOrderOfABatchIsKeptWhereItsTimesAreTheSame() {
    PairId pair = newPair();
    List<Map<String, Object>> messages =
        IntStream.range(0, 300).mapToObj(i -> at(0, "m" + i)).toList();
    batch(pair, messages).expectStatus().isCreated();
    assertThat(forward(pair))
        .extracting(each -> each.get("content"))
        .containsExactlyElementsOf(messages.stream().map(each -> each.get("content")).toList());
  }

  @Test
  void theSameImportAgainStoresNothing() {
    PairId pair = newPair();
    List<Map<String, Object>> messages =
        List.of(at(0, "a", "client_message_id", "1"), at(40, "b", "client_message_id", "2"));
    batch(pair, messages).expectStatus().isCreated();
    batch(pair, messages).expectStatus().isOk();
    batch(pair, List.of(at(1, "a", "client_message_id", "1"))).expectStatus().isEqualTo(422);
    assertThat(conversations(pair)).containsExactly("1 of 0, 0 tokens", "1 of 0, 0 tokens");
  }

  @Test
  void theSameBatchFromManySidesIsStoredOnceAmongSingleMessages() throws Exception {
    PairId pair = newPair();
    List<Map<String, Object>> messages =
        IntStream.range(0, 50).mapToObj(i -> said("m" + i, "client_message_id", "c" + i)).toList();
    Set<List<Object>> answers = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ResponseSpec>> batches =
          IntStream.range(0, 6).mapToObj(_ -> threads.submit(() -> batch(pair, messages))).toList();
      List<Future<?>> singles = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Map<String, Object> message = messages.get(i);
        singles.add(
            threads.submit(() -> single(pair, message, null).expectStatus().is2xxSuccessful()));
      }
      for (Future<ResponseSpec> each : batches) {
        answers.add(ids(answer(each.get().expectStatus().is2xxSuccessful())));
      }
      for (Future<?> each : singles) {
        each.get();
      }
    }
    assertThat(answers).hasSize(1);
    assertThat(rows("chat_message", of(pair))).isEqualTo(50);
    assertThat(rows("conversation", of(pair) + " AND message_count = 50")).isOne();
  }

  private static Map<String, Object> said(String content, Object... more) {
    Map<String, Object> message = new LinkedHashMap<>(Map.of("role", "user", "content", content));
    for (int i = 0; i < more.length; i += 2) {
      message.put((String) more[i], more[i + 1]);
    }
    return message;
  }

  private static Map<String, Object> at(int minute, String content, Object... more) {
    Map<String, Object> message = said(content, more);
    message.put("created_at", LONG_AGO.plus(minute, ChronoUnit.MINUTES).toString());
    return message;
  }

  private ResponseSpec batch(PairId pair, List<Map<String, Object>> messages) {
    return batch(pair, messages, null);
  }

  private ResponseSpec batch(PairId pair, List<Map<String, Object>> messages, String key) {
    return post(pair, "/batch", Map.of("messages", messages), key);
  }

  private ResponseSpec single(PairId pair, Map<String, Object> message, String key) {
    return post(pair, "", message, key);
  }

  private ResponseSpec post(PairId pair, String path, Object body, String key) {
    RestTestClient.RequestBodySpec request =
        as(pair.userId()).post().uri(messages(pair) + path).contentType(MediaType.APPLICATION_JSON);
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return request.body(body).exchange();
  }

  /** The whole history as one reads it who goes forward. */
  private List<Map<String, Object>> forward(PairId pair) {
    List<Map<String, Object>> read = new ArrayList<>();
    String after = "";
    while (true) {
      Map<String, Object> page =
          answer(
              as(pair.userId())
                  .get()
                  .uri(messages(pair) + "?limit=200&after=" + after)
                  .exchange()
                  .expectStatus()
                  .isOk());
      List<Map<String, Object>> messages = entries(page);
      if (messages.isEmpty()) {
        return read;
      }
      read.addAll(messages);
      after = (String) page.get("next_after");
    }
  }

  /** How many messages each conversation counts, and how many minutes it took. */
  private List<String> conversations(PairId pair) {
    return asSuperuser(
        db ->
            db.sql(
                    """
                    SELECT CASE WHEN ended_at IS NULL THEN 'open'
                      ELSE format('%%s of %%s, %%s tokens', message_count,
                        round(extract(epoch FROM last_message_at - started_at) / 60), tokens_used) END
                    FROM conversation WHERE %s ORDER BY started_at
                    """
                        .formatted(of(pair)))
                .query(String.class)
                .list());
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> entries(Map<String, Object> answer) {
    return (List<Map<String, Object>>) Objects.requireNonNull(answer.get("messages"));
  }

  private static List<Object> ids(Map<String, Object> answer) {
    return entries(answer).stream().map(each -> each.get("id")).toList();
  }
}
