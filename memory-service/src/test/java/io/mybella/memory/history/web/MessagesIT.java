package io.mybella.memory.history.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.TestTokens;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

class MessagesIT extends MemoryServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String HELLO = "{\"role\":\"user\",\"content\":\"Hello\"}";

  @Test
  void aMessageIsAnsweredAsItWillBeReadLater() {
    PairId pair = newPair();
    Map<String, Object> said =
        answer(
            append(
                    pair,
                    """
                    {"role":"assistant","content":"Hi 👋 \\u202Eשלום","model":"small","tokens":7,
                     "client_message_id":"c-1","metadata":{"mood":"glad","n":[1,{"deep":null}]}}
                    """)
                .expectStatus()
                .isCreated());
    assertThat(said)
        .containsEntry("role", "assistant")
        .containsEntry("content", "Hi 👋 \u202Eשלום")
        .containsEntry("model", "small")
        .containsEntry("tokens", 7)
        .containsEntry("client_message_id", "c-1")
        .containsKeys("id", "created_at");
    assertThat(said.get("metadata")).hasToString("{n=[1, {deep=null}], mood=glad}");
    assertThat(page(pair, 50, null))
        .containsEntry("messages", List.of(said))
        .containsEntry("next_before", null)
        .containsOnlyKeys("messages", "next_before", "next_after");
  }

  @Test
  void historiesOfTwoPersonasAndOfTwoUsersAreApart() {
    long ada = newId();
    long bob = newId();
    long one = systemPersona();
    long other = systemPersona();
    say(new PairId(ada, one), "ada to one");
    say(new PairId(ada, other), "ada to other");
    say(new PairId(bob, one), "bob to one");
    assertThat(texts(new PairId(ada, one))).containsExactly("ada to one");
    assertThat(texts(new PairId(ada, other))).containsExactly("ada to other");
    assertThat(texts(new PairId(bob, one))).containsExactly("bob to one");
    assertThat(texts(new PairId(bob, other))).isEmpty();
  }

  @Test
  void pagesGoFromTheNewestToTheOldestWithoutGapOrRepetition() {
    PairId pair = newPair();
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      say(pair, "m" + i);
      all.add("m" + i);
    }
    List<Object> read = new ArrayList<>();
    String before = null;
    int pages = 0;
    do {
      Map<String, Object> page = page(pair, 5, before);
      read.addAll(0, texts(page));
      before = (String) page.get("next_before");
      pages++;
    } while (before != null);
    assertThat(read).isEqualTo(all);
    assertThat(pages).isEqualTo(5);
  }

  @Test
  void aPageThatEndsTheHistoryExactlySaysSo() {
    PairId pair = newPair();
    for (int i = 0; i < 4; i++) {
      say(pair, "m" + i);
    }
    assertThat(page(pair, 4, null)).containsEntry("next_before", null);
    String before = (String) page(pair, 2, null).get("next_before");
    assertThat(page(pair, 2, before)).containsEntry("next_before", null);
  }

  @Test
  void pagesGoForwardFromTheOldestAndThenOnWithWhatIsNew() {
    PairId pair = newPair();
    assertThat(pageAt(pair, "after=")).containsEntry("next_after", null);
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      say(pair, "m" + i);
      all.add("m" + i);
    }
    List<Object> read = new ArrayList<>();
    String after = "";
    Map<String, Object> page;
    do {
      page = pageAt(pair, "limit=5&after=" + after);
      assertThat(page.get("next_before") == null)
          .isEqualTo(read.isEmpty() || texts(page).isEmpty());
      read.addAll(texts(page));
      after = (String) page.get("next_after");
    } while (!texts(page).isEmpty());
    assertThat(read).isEqualTo(all);
    assertThat(page(pair, 3, null))
        .as("the newest page ends there, too")
        .containsEntry("next_after", after);
    say(pair, "new");
    assertThat(texts(pageAt(pair, "after=" + after))).containsExactly("new");
  }

  @Test
  void aMessageIsShownAmongThoseNextToIt() {
    PairId pair = newPair();
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ids.add(say(pair, "m" + i).get("id"));
    }
    Map<String, Object> page = pageAt(pair, "limit=4&around=" + ids.get(4));
    assertThat(texts(page)).containsExactly("m2", "m3", "m4", "m5");
    assertThat(texts(pageAt(pair, "before=" + page.get("next_before"))))
        .containsExactly("m0", "m1");
    assertThat(texts(pageAt(pair, "after=" + page.get("next_after"))))
        .containsExactly("m6", "m7", "m8");
    assertThat(texts(pageAt(pair, "limit=1&around=" + ids.get(4)))).containsExactly("m4");
    assertThat(pageAt(pair, "around=" + ids.get(0))).containsEntry("next_before", null);
    assertThat(texts(pageAt(pair, "around=" + ids.get(8)))).hasSize(9);
  }

  @Test
  void ofLongTextsAroundAMessageItselfGoesFirst() {
    PairId pair = newPair();
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ids.add(say(pair, "🙂".repeat(31_999) + i).get("id"));
    }
    Map<String, Object> page = pageAt(pair, "around=" + ids.get(3));
    assertThat(texts(page)).hasSize(2).allMatch(each -> each.toString().matches(".*[23]"));
    assertThat(texts(pageAt(pair, "after=" + page.get("next_after"))))
        .hasSize(2)
        .allMatch(each -> each.toString().matches(".*[45]"));
    assertThat(texts(pageAt(pair, "before=" + page.get("next_before"))))
        .hasSize(2)
        .allMatch(each -> each.toString().matches(".*[01]"));
  }

  @Test
  void aPageIsInOnePlaceOfThisHistory() {
    PairId pair = newPair();
    PairId theirs = newPair();
    Object mine = say(pair, "mine").get("id");
    Object foreign = say(theirs, "theirs").get("id");
    Object cursor = page(theirs, 1, null).get("next_after");
    Map<String, Integer> statuses = new LinkedHashMap<>();
    for (String query :
        List.of(
            "around=" + foreign,
            "around=" + UUID.randomUUID(),
            "around=x",
            "in_reply_to=x",
            "after=x",
            "after=" + cursor,
            "after=&around=" + mine,
            "after=&in_reply_to=" + mine,
            "before=x&after=")) {
      statuses.put(
          query,
          get(pair.userId(), pair.personaId(), "/messages?" + query)
              .returnResult(Map.class)
              .getStatus()
              .value());
    }
    assertThat(statuses.values()).containsExactly(404, 404, 400, 400, 400, 400, 400, 400, 400);
  }

  @Test
  void aPageEndsEarlyWhenItsTextsAreLongAndTheCursorGoesOn() {
    PairId pair = newPair();
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      String content = i == 4 ? "short" : "🙂".repeat(31_999) + i;
      say(pair, content);
      all.add(content);
    }
    List<Object> read = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String before = null;
    do {
      Map<String, Object> page = page(pair, 200, before);
      List<Object> texts = texts(page);
      read.addAll(0, texts);
      sizes.add(texts.size());
      before = (String) page.get("next_before");
    } while (before != null);
    assertThat(read).isEqualTo(all);
    assertThat(sizes).as("two of the greatest size fit").containsExactly(3, 2, 2);
    assertThat(page(pair, 3, null).get("next_before"))
        .as("as many as asked for, and as many as fit")
        .isEqualTo(page(pair, 200, null).get("next_before"));
    assertThat(
            answer(
                    as(pair.userId())
                        .get()
                        .uri("/api/personas/" + pair.personaId() + "/memory/context?limit=100")
                        .exchange())
                .get("messages"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(3);
  }

  @Test
  void pagesStayTrueWhileMessagesArrive() throws Exception {
    PairId pair = newPair();
    for (int i = 0; i < 40; i++) {
      say(pair, "old" + i);
    }
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writing =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  writer ->
                      writers.submit(
                          () ->
                              IntStream.range(0, 15)
                                  .forEach(i -> say(pair, "new" + writer + "-" + i))))
              .toList();
      List<Object> read = new ArrayList<>();
      String before = null;
      do {
        Map<String, Object> page = page(pair, 3, before);
        read.addAll(0, texts(page));
        before = (String) page.get("next_before");
      } while (before != null);
      assertThat(read).doesNotHaveDuplicates();
      assertThat(read.stream().filter(each -> each.toString().startsWith("old")))
          .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj("old%d"::formatted).toList());
      for (Future<?> each : writing) {
        each.get();
      }
    }
    assertThat(texts(pair)).hasSize(100).doesNotHaveDuplicates();
    assertThat(rows("conversation", of(pair) + " AND message_count = 100"))
        .as("one conversation that counted them all")
        .isOne();
  }

  @Test
  void theDeepestPageOfALongHistoryIsFoundThroughTheKey() {
    PairId pair = newPair();
    say(pair, "the first");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO chat_message
                      (user_id, persona_id, id, conversation_id, role, content, created_at)
                    SELECT user_id, persona_id, uuidv7(interval '1 day' + n * interval '1 second'),
                      conversation_id, role, 'm' || n, now()
                    FROM chat_message, generate_series(1, 20000) n WHERE %s
                    """
                        .formatted(of(pair)))
                .update());
    String before = null;
    for (int page = 0; page < 100; page++) {
      before = (String) page(pair, 200, before).get("next_before");
    }
    assertThat(before).isNotNull();
    assertThat(page(pair, 200, before)).containsEntry("next_before", null);
    assertThat(texts(page(pair, 200, before))).containsExactly("the first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "AAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "%00",
        "0198c0de-0000-7000-8000-000000000001"
      })
  void whatIsNoCursorIs400(String before) {
    PairId pair = newPair();
    as(pair.userId())
        .get()
        .uri(URI.create(messages(pair) + "?before=" + before))
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  @Test
  void aCursorOfAnotherHistoryIs400() {
    PairId theirs = newPair();
    say(theirs, "a");
    say(theirs, "b");
    String cursor = (String) Objects.requireNonNull(page(theirs, 1, null).get("next_before"));
    PairId mine = newPair();
    say(mine, "mine");
    as(mine.userId())
        .get()
        .uri(messages(mine) + "?before=" + cursor)
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "201", "many", "99999999999"})
  void aLimitOutOfBoundsIs400(String limit) {
    PairId pair = newPair();
    as(pair.userId())
        .get()
        .uri(messages(pair) + "?limit=" + limit)
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{",
        "",
        "null",
        "{\"role\":\"user\"}",
        "{\"role\":\"user\",\"content\":null}",
        "{\"role\":\"user\",\"content\":\"\"}",
        "{\"role\":\"user\",\"content\":{}}",
        "{\"content\":\"x\"}",
        "{\"role\":\"USER\",\"content\":\"x\"}",
        "{\"role\":\"tool\",\"content\":\"x\"}",
        "{\"role\":\"user\",\"content\":\"nul \\u0000\"}",
        "{\"role\":\"user\",\"content\":\"high \\ud800\"}",
        "{\"role\":\"user\",\"content\":\"low \\udc00 x\"}",
        "{\"role\":\"user\",\"content\":\"x\",\"client_message_id\":\"\"}",
        "{\"role\":\"user\",\"content\":\"x\",\"client_message_id\":\"\\u0000\"}",
        "{\"role\":\"user\",\"content\":\"x\",\"tokens\":-1}",
        "{\"role\":\"user\",\"content\":\"x\",\"tokens\":99999999999}",
        "{\"role\":\"user\",\"content\":\"x\",\"metadata\":[]}",
        "{\"role\":\"user\",\"content\":\"x\",\"metadata\":\"text\"}",
        "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"k\":\"\\u0000\"}}",
        "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"\\u0000\":1}}",
        "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"k\":[{\"d\":\"\\udfff\"}]}}"
      })
  void badInputIs400AndStoresNothing(String body) {
    PairId pair = newPair();
    append(pair, body)
        .expectStatus()
        .isBadRequest()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(rows("chat_message", of(pair))).isZero();
  }

  @Test
  void thirtyTwoThousandCharactersAreTakenAndOneMoreIsNot() {
    PairId pair = newPair();
    String emoji = "🙂".repeat(32_000);
    assertThat(say(pair, emoji)).containsEntry("content", emoji);
    append(pair, "{\"role\":\"user\",\"content\":\"" + "x".repeat(32_001) + "\"}")
        .expectStatus()
        .isBadRequest();
  }

  @Test
  void metadataIsBounded() {
    PairId pair = newPair();
    append(
            pair,
            "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"k\":\"%s\"}}"
                .formatted("y".repeat(8_000)))
        .expectStatus()
        .isBadRequest();
    append(
            pair,
            "{\"role\":\"user\",\"content\":\"x\",\"metadata\":%s}"
                .formatted("{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000)))
        .expectStatus()
        .isBadRequest();
  }

  @Test
  void anIdentityInTheBodyIsNeverObeyed() {
    PairId victim = newPair();
    PairId attacker = newPair();
    append(
            attacker,
            "{\"role\":\"user\",\"content\":\"x\",\"user_id\":%d,\"persona_id\":%d}"
                .formatted(victim.userId(), victim.personaId()))
        .expectStatus()
        .isCreated();
    assertThat(texts(victim)).isEmpty();
    assertThat(texts(attacker)).containsExactly("x");
  }

  @Test
  void aForeignPersonaLooksExactlyLikeOneThatIsNotThere() {
    PairId victim = newPair();
    say(victim, "secret");
    long stranger = newId();
    long missing = newId();
    for (String path : List.of("/messages", "/memory/context")) {
      assertThat(problem(get(stranger, victim.personaId(), path)))
          .isEqualTo(problem(get(stranger, missing, path)));
    }
    assertThat(problem(append(new PairId(stranger, victim.personaId()), HELLO)))
        .isEqualTo(problem(append(new PairId(stranger, missing), HELLO)));
    assertThat(problem(forget(new PairId(stranger, victim.personaId()))))
        .isEqualTo(problem(forget(new PairId(stranger, missing))));
    assertThat(texts(victim)).containsExactly("secret");
  }

  @Test
  void anAdministratorHasNoWayIntoSomebodysMemory() {
    PairId victim = newPair();
    say(victim, "secret");
    as(newId())
        .get()
        .uri(messages(victim))
        .headers(headers -> headers.set("Authorization", TestTokens.admin(newId())))
        .exchange()
        .expectStatus()
        .isNotFound();
  }

  @ParameterizedTest
  @CsvSource({"GET,/messages", "POST,/messages", "DELETE,/messages", "GET,/memory/context"})
  void nobodyIsAnsweredWithoutAToken(String method, String path) {
    PairId pair = newPair();
    asNobody()
        .method(HttpMethod.valueOf(method))
        .uri("/api/personas/" + pair.personaId() + path)
        .exchange()
        .expectStatus()
        .isUnauthorized();
  }

  @Test
  void theSameKeyAgainAnswersWithTheFirstMessage() {
    PairId pair = newPair();
    Map<String, Object> first = answer(append(pair, HELLO, "k").expectStatus().isCreated());
    Map<String, Object> again = answer(append(pair, HELLO, "k").expectStatus().isOk());
    assertThat(again).isEqualTo(first);
    assertThat(texts(pair)).hasSize(1);
    String identified = "{\"role\":\"user\",\"content\":\"x\",\"client_message_id\":\"c\"}";
    first = answer(append(pair, identified).expectStatus().isCreated());
    again = answer(append(pair, identified, "another").expectStatus().isOk());
    assertThat(again).isEqualTo(first);
    assertThat(texts(pair)).hasSize(2);
    assertThat(rows("conversation", of(pair) + " AND message_count = 2")).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role\":\"user\",\"content\":\"Hello!\"}",
        "{\"role\":\"system\",\"content\":\"Hello\"}",
        "{\"role\":\"user\",\"content\":\"Hello\",\"tokens\":1}",
        "{\"role\":\"user\",\"content\":\"Hello\",\"model\":\"m\"}",
        "{\"role\":\"user\",\"content\":\"Hello\",\"metadata\":{}}",
        "{\"role\":\"user\",\"content\":\"Hello\",\"client_message_id\":\"c\"}"
      })
  void theSameKeyWithAnotherBodyIs422(String other) {
    PairId pair = newPair();
    append(pair, HELLO, "k").expectStatus().isCreated();
    append(pair, other, "k").expectStatus().isEqualTo(422);
    assertThat(texts(pair)).containsExactly("Hello");
  }

  @Test
  void theSameClientMessageIdWithAnotherTextIs422() {
    PairId pair = newPair();
    append(pair, "{\"role\":\"user\",\"content\":\"a\",\"client_message_id\":\"c\"}")
        .expectStatus()
        .isCreated();
    append(pair, "{\"role\":\"user\",\"content\":\"b\",\"client_message_id\":\"c\"}")
        .expectStatus()
        .isEqualTo(422);
  }

  @Test
  void theSameTextTwiceWithDifferentKeysIsTwoMessages() {
    PairId pair = newPair();
    append(pair, HELLO, "k1").expectStatus().isCreated();
    append(pair, HELLO, "k2").expectStatus().isCreated();
    append(pair, HELLO).expectStatus().isCreated();
    assertThat(texts(pair)).hasSize(3);
  }

  @Test
  void keysOfOtherUsersAndPersonasAreIndependent() {
    PairId mine = newPair();
    PairId yours = newPair();
    append(mine, HELLO, "k").expectStatus().isCreated();
    append(yours, "{\"role\":\"user\",\"content\":\"other\"}", "k").expectStatus().isCreated();
    append(new PairId(mine.userId(), personaOf(mine.userId())), HELLO, "k")
        .expectStatus()
        .isCreated();
  }

  @Test
  void fiftyParallelAppendsUnderOneKeyStoreOneRow() throws Exception {
    PairId pair = newPair();
    var start = new CountDownLatch(1);
    Set<Object> ids = new HashSet<>();
    List<Integer> statuses = new ArrayList<>();
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ResponseSpec>> answers =
          IntStream.range(0, 50)
              .mapToObj(
                  _ ->
                      writers.submit(
                          () -> {
                            start.await();
                            return append(pair, HELLO, "one");
                          }))
              .toList();
      start.countDown();
      for (Future<ResponseSpec> each : answers) {
        var result = each.get().expectBody(Map.class).returnResult();
        statuses.add(result.getStatus().value());
        ids.add(Objects.requireNonNull(result.getResponseBody()).get("id"));
      }
    }
    assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
    assertThat(ids).hasSize(1);
    assertThat(rows("chat_message", of(pair))).isOne();
    assertThat(rows("conversation", of(pair) + " AND message_count = 1")).isOne();
  }

  @Test
  void aMessageHasOneReplyWhateverItsWords() {
    PairId pair = newPair();
    Object asked = say(pair, "What is my name?").get("id");
    Map<String, Object> first = answer(reply(pair, asked, "Ada").expectStatus().isCreated());
    assertThat(first).containsEntry("in_reply_to", asked).containsEntry("content", "Ada");
    assertThat(answer(reply(pair, asked, "Grace").expectStatus().isOk())).isEqualTo(first);
    assertThat(repliesTo(pair, asked)).containsExactly("Ada");
    assertThat(repliesTo(pair, first.get("id"))).isEmpty();
    assertThat(texts(pair)).containsExactly("What is my name?", "Ada");
  }

  @Test
  void aKeyIsForOneBodyAlsoWhenItIsAReply() {
    PairId pair = newPair();
    Object asked = say(pair, "?").get("id");
    String body =
        "{\"role\":\"assistant\",\"content\":\"a\",\"client_message_id\":\"c\",\"in_reply_to\":\"%s\"}"
            .formatted(asked);
    append(pair, body).expectStatus().isCreated();
    append(pair, body).expectStatus().isOk();
    append(pair, body.replace("\"a\"", "\"b\"")).expectStatus().isEqualTo(422);
    append(pair, "{\"role\":\"assistant\",\"content\":\"a\",\"client_message_id\":\"c\"}")
        .expectStatus()
        .isEqualTo(422);
  }

  @Test
  void aReplyToWhatIsNotInThisHistoryIs409() {
    PairId pair = newPair();
    PairId theirs = newPair();
    say(pair, "here");
    reply(pair, say(theirs, "elsewhere").get("id"), "no").expectStatus().isEqualTo(409);
    reply(pair, UUID.randomUUID(), "no").expectStatus().isEqualTo(409);
    append(pair, "{\"role\":\"user\",\"content\":\"x\",\"in_reply_to\":\"no id\"}")
        .expectStatus()
        .isBadRequest();
    assertThat(texts(pair)).containsExactly("here");
  }

  @Test
  void fiftyParallelRepliesToOneMessageAreOne() throws Exception {
    PairId pair = newPair();
    Object asked = say(pair, "?").get("id");
    Set<Map<String, Object>> stored = new HashSet<>();
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ResponseSpec>> answers =
          IntStream.range(0, 50)
              .mapToObj(i -> writers.submit(() -> reply(pair, asked, "reply " + i)))
              .toList();
      for (Future<ResponseSpec> each : answers) {
        stored.add(answer(each.get().expectStatus().is2xxSuccessful()));
      }
    }
    assertThat(stored).hasSize(1);
    assertThat(rows("chat_message", of(pair))).isEqualTo(2);
    assertThat(rows("conversation", of(pair) + " AND message_count = 2")).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 201})
  void anIdempotencyKeyOutOfBoundsIs400(int length) {
    PairId pair = newPair();
    append(pair, HELLO, "k".repeat(length)).expectStatus().isBadRequest();
  }

  @Test
  void forgettingLeavesNothingOfThisPairAndEverythingOfTheOthers() {
    long persona = systemPersona();
    PairId mine = new PairId(newId(), persona);
    PairId yours = new PairId(newId(), persona);
    say(mine, "mine");
    say(yours, "yours");
    forget(mine).expectStatus().isNoContent();
    assertThat(texts(mine)).isEmpty();
    assertThat(texts(yours)).containsExactly("yours");
    for (String table :
        List.of(
            "chat_message", "conversation", "rolling_summary", "persona_memory", "memory_work")) {
      await().atMost(LIMIT).until(() -> rows(table, of(mine)) == 0);
    }
    forget(mine).expectStatus().isNoContent();
    say(mine, "anew");
    assertThat(texts(mine)).containsExactly("anew");
  }

  @RepeatedTest(10)
  void messagesAndForgettingAtTheSameTimeNeverFail() throws Exception {
    PairId pair = newPair();
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        work.add(
            writers.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    say(pair, "m");
                  }
                }));
      }
      work.add(
          writers.submit(
              () -> {
                for (int i = 0; i < 25; i++) {
                  forget(pair).expectStatus().isNoContent();
                }
              }));
      for (Future<?> each : work) {
        each.get();
      }
    }
    await().atMost(LIMIT).until(() -> rows("memory_work", of(pair) + " AND kind = 'forget'") == 0);
    long left = rows("chat_message", of(pair));
    assertThat(texts(pair)).hasSize((int) left);
    assertThat(rows("conversation", of(pair) + " AND message_count = " + left))
        .isEqualTo(left == 0 ? rows("conversation", of(pair)) : 1);
  }

  @Test
  void theContextGivesTheRecentMessages() {
    PairId pair = newPair();
    for (int i = 0; i < 5; i++) {
      say(pair, "m" + i);
    }
    Map<String, Object> context =
        answer(
            as(pair.userId())
                .get()
                .uri("/api/personas/" + pair.personaId() + "/memory/context?limit=3&query=what")
                .exchange()
                .expectStatus()
                .isOk());
    assertThat(texts(context)).containsExactly("m2", "m3", "m4");
    assertThat(context)
        .containsEntry("summary", null)
        .containsEntry("preferences", List.of())
        .containsEntry("recalled", List.of());
  }

  private ResponseSpec reply(PairId pair, Object to, String content) {
    return append(
        pair,
        "{\"role\":\"assistant\",\"content\":\"%s\",\"in_reply_to\":\"%s\"}"
            .formatted(content, to));
  }

  private List<Object> repliesTo(PairId pair, Object message) {
    return texts(
        answer(
            get(pair.userId(), pair.personaId(), "/messages?in_reply_to=" + message)
                .expectStatus()
                .isOk()));
  }

  private ResponseSpec append(PairId pair, String body) {
    return append(pair, body, null);
  }

  private ResponseSpec append(PairId pair, String body, String key) {
    RestTestClient.RequestBodySpec request =
        as(pair.userId()).post().uri(messages(pair)).contentType(MediaType.APPLICATION_JSON);
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return request.body(body).exchange();
  }

  private ResponseSpec get(long userId, long personaId, String path) {
    return as(userId).get().uri("/api/personas/" + personaId + path).exchange();
  }

  private Map<String, Object> pageAt(PairId pair, String query) {
    return answer(get(pair.userId(), pair.personaId(), "/messages?" + query).expectStatus().isOk());
  }

  private ResponseSpec forget(PairId pair) {
    return as(pair.userId()).delete().uri(messages(pair)).exchange();
  }

  /** A 404 without what differs from request to request anyway. */
  private static Map<String, Object> problem(ResponseSpec response) {
    Map<String, Object> problem = new LinkedHashMap<>(answer(response.expectStatus().isNotFound()));
    problem.remove("request_id");
    problem.remove("instance");
    return problem;
  }
}
