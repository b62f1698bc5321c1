package io.mybella.memory.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** What is forgotten is hidden at once, from everything, and erased when the worker comes to it. */
class ForgettingIT extends MemoryServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> TABLES =
      List.of(
          "chat_message",
          "conversation",
          "preference",
          "rolling_summary",
          "persona_memory",
          "memory_work");

  @Autowired private Forgetting forgetting;
  @Autowired private PersonaErasure erasure;
  @Autowired private Conversations conversations;
  @Autowired private PersonaScope scope;

  @Test
  void nothingIsSeenOfWhatIsForgottenBeforeItIsErased() {
    PairId pair = newPair();
    say(pair, "Remember that it was long ago");
    assertThat(post(pair, "with keys")).isEqualTo(HttpStatus.CREATED);
    assertThat(context(pair).get("preferences")).asInstanceOf(LIST).hasSize(1);
    String before = (String) page(pair, 1, null).get("next_before");
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          assertThat(rows("chat_message", of(pair))).isEqualTo(2);
          assertThat(texts(pair)).isEmpty();
          assertThat(texts(page(pair, 10, before))).isEmpty();
          assertThat(texts(context(pair))).isEmpty();
          assertThat(rows("preference", of(pair))).isOne();
          assertThat(context(pair).get("preferences")).isEqualTo(List.of());
          for (String table : List.of("chat_message", "conversation", "preference")) {
            assertThat(
                    scope.<Long>call(
                        pair,
                        db -> db.sql("SELECT count(*) FROM " + table).query(Long.class).single()))
                .as(table)
                .isZero();
          }
        });
    assertIsErased(pair);
  }

  @Test
  void whatIsSaidAfterwardsIsSeenAndStays() {
    PairId pair = newPair();
    say(pair, "long ago");
    assertThat(post(pair, "with keys")).isEqualTo(HttpStatus.CREATED);
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          // The keys are those of a message that is there, but hidden.
          assertThat(post(pair, "something else")).isEqualTo(HttpStatus.CREATED);
          assertThat(post(pair, "something else")).isEqualTo(HttpStatus.OK);
          say(pair, "and more");
          assertThat(texts(pair)).containsExactly("something else", "and more");
        });
    await().atMost(LIMIT).until(() -> rows("memory_work", of(pair) + " AND kind = 'forget'") == 0);
    assertThat(texts(pair)).containsExactly("something else", "and more");
    assertThat(rows("chat_message", of(pair))).isEqualTo(2);
    assertThat(rows("conversation", of(pair) + " AND message_count = 2 AND ended_at IS NULL"))
        .isOne();
    assertThat(rows("conversation", of(pair))).isOne();
  }

  @Test
  void whatWasLearnedCanBeLearnedAnewAtOnce() {
    PairId pair = newPair();
    String told = "Remember that I sing";
    say(pair, told);
    say(pair, told);
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          say(pair, told);
          assertThat(rows("preference", of(pair) + " AND valid_until IS NULL")).isOne();
          assertThat(rows("preference", of(pair) + " AND times_observed = 1")).isOne();
        });
    await().atMost(LIMIT).until(() -> rows("memory_work", of(pair) + " AND kind = 'forget'") == 0);
    assertThat(rows("preference", of(pair))).isOne();
    assertThat(context(pair).get("preferences")).asInstanceOf(LIST).hasSize(1);
  }

  @Test
  void whatIsForgottenTwiceIsErasedOnce() {
    PairId pair = newPair();
    say(pair, "first");
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          say(pair, "second");
          forget(pair).expectStatus().isNoContent();
          assertThat(texts(pair)).isEmpty();
        });
    assertIsErased(pair);
  }

  /** The clock of the replica that took the last message was an hour ahead of this one's. */
  @Test
  void aClockThatIsBehindHidesNothingThatIsSaidAfterwards() {
    PairId pair = newPair();
    say(pair, "from the future");
    asSuperuser(
        db ->
            db.sql(
                    """
                    UPDATE chat_message SET id = uuidv7(interval '1 hour') WHERE %s
                    """
                        .formatted(of(pair)))
                .update());
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          Map<String, Object> said = say(pair, "now");
          assertThat(texts(pair)).containsExactly("now");
          assertThat(UUID.fromString((String) said.get("id")).version()).isEqualTo(7);
          say(pair, "a moment later");
          conversations.open(pair);
        });
    await().atMost(LIMIT).until(() -> rows("memory_work", of(pair) + " AND kind = 'forget'") == 0);
    assertThat(texts(pair)).containsExactlyInAnyOrder("now", "a moment later");
    assertThat(rows("conversation", of(pair))).isOne();
  }

  /** The worker removes the row of a pair of which nothing is left. */
  @Test
  void aSwitchThatWaitedForTheEndOfAMemoryBeginsItAnew() throws Exception {
    PairId pair = newPair();
    conversations.open(pair);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> switches =
          asSuperuser(
              db -> {
                db.sql("BEGIN").update();
                db.sql("SELECT 1 FROM persona_memory WHERE %s FOR UPDATE".formatted(of(pair)))
                    .query()
                    .listOfRows();
                Future<?> waits = threads.submit(() -> switchTo(pair, 1));
                awaitLocked(1);
                db.sql("DELETE FROM persona_memory WHERE " + of(pair)).update();
                db.sql("COMMIT").update();
                return waits;
              });
      switches.get();
    }
    assertThat(rows("conversation", of(pair) + " AND ended_at IS NULL")).isOne();
    assertThat(rows("last_switch", of(pair))).isOne();
  }

  @Test
  void aWriterUnderWayIsForgottenAndOneThatWaitedIsNot() throws Exception {
    PairId pair = newPair();
    say(pair, "before");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> waiting =
          asSuperuser(
              db -> {
                db.sql("BEGIN").update();
                db.sql("SELECT 1 FROM persona_memory WHERE %s FOR UPDATE".formatted(of(pair)))
                    .query()
                    .listOfRows();
                db.sql(
                        """
                        INSERT INTO chat_message
                          (user_id, persona_id, id, conversation_id, role, content, created_at)
                        SELECT user_id, persona_id, uuidv7(), conversation_id, role, 'late', now()
                        FROM chat_message WHERE %s
                        """
                            .formatted(of(pair)))
                    .update();
                Future<?> forgets = threads.submit(() -> forgetting.forget(pair));
                awaitLocked(1);
                Future<?> says = threads.submit(() -> say(pair, "after"));
                awaitLocked(2);
                db.sql("COMMIT").update();
                return List.of(forgets, says);
              });
      for (Future<?> each : waiting) {
        each.get();
      }
    }
    assertThat(texts(pair)).containsExactly("after");
    await().atMost(LIMIT).until(() -> rows("memory_work", of(pair) + " AND kind = 'forget'") == 0);
    assertThat(texts(pair)).containsExactly("after");
    assertThat(rows("chat_message", of(pair))).isOne();
  }

  @Test
  void anErasureTakesWhatIsForgottenAndCountsIt() {
    PairId pair = newPair();
    say(pair, "Remember that it is forgotten");
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          say(pair, "Remember that it is not forgotten");
          erasure.mark(pair.personaId(), UUID.randomUUID());
          String erased =
              "erased_at IS NOT NULL AND (counts ->> 'chat_message')::int = 2"
                  + " AND (counts ->> 'preference')::int = 2 AND persona_id = "
                  + pair.personaId();
          await().atMost(LIMIT).until(() -> rows("persona_tombstone", erased) == 1);
        });
    assertIsErased(pair);
  }

  /** Their ids are of their own time, below the mark. */
  @Test
  void messagesOfThePastComeBackWhenWhatWasForgottenIsErased() {
    PairId pair = newPair();
    say(pair, "forgotten");
    withoutWorker(
        pair,
        () -> {
          forget(pair).expectStatus().isNoContent();
          say(pair, "said since");
          assertThat(bringBack(pair)).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
          assertThat(texts(pair)).containsExactly("said since");
        });
    await().atMost(LIMIT).until(() -> bringBack(pair) == HttpStatus.CREATED);
    assertThat(texts(pair)).containsExactly("of the past", "said since");
    say(pair, "and on");
    assertThat(texts(pair)).containsExactly("of the past", "said since", "and on");
  }

  private HttpStatus bringBack(PairId pair) {
    return status(
        as(pair.userId())
            .post()
            .uri(messages(pair) + "/batch")
            .contentType(MediaType.APPLICATION_JSON)
            .body(
                Map.of(
                    "messages",
                    List.of(
                        Map.of(
                            "role",
                            "user",
                            "content",
                            "of the past",
                            "created_at",
                            "2025-03-01T10:00:00Z"))))
            .exchange());
  }

  @Test
  void anEmptyMemoryIsForgotten() {
    PairId pair = newPair();
    forget(pair).expectStatus().isNoContent();
    switchTo(pair, 1);
    forget(pair).expectStatus().isNoContent();
    assertIsErased(pair);
  }

  /** As if another replica were at it: what is asked for meanwhile waits. */
  private void withoutWorker(PairId pair, Runnable test) {
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at, lease)
                    VALUES (%d, %d, 'forget', now(), now() + interval '1 hour', gen_random_uuid())
                    """
                        .formatted(pair.userId(), pair.personaId()))
                .update());
    try {
      test.run();
    } finally {
      asSuperuser(
          db ->
              db.sql("UPDATE memory_work SET next_at = now() WHERE kind = 'forget' AND " + of(pair))
                  .update());
    }
  }

  private void assertIsErased(PairId pair) {
    for (String table : TABLES) {
      await().atMost(LIMIT).until(() -> rows(table, of(pair)) == 0);
    }
  }

  private void awaitLocked(long sessions) {
    await()
        .until(
            () ->
                rows(
                        "pg_stat_activity",
                        "wait_event_type = 'Lock' AND datname = current_database()")
                    == sessions);
  }

  private HttpStatus post(PairId pair, String content) {
    return status(
        as(pair.userId())
            .post()
            .uri(messages(pair))
            .contentType(MediaType.APPLICATION_JSON)
            .header("Idempotency-Key", "key")
            .body(Map.of("role", "user", "content", content, "client_message_id", "mine"))
            .exchange());
  }

  private static HttpStatus status(ResponseSpec answer) {
    return HttpStatus.valueOf(answer.expectBody().returnResult().getStatus().value());
  }

  private Map<String, Object> context(PairId pair) {
    return answer(
        as(pair.userId())
            .get()
            .uri("/api/personas/" + pair.personaId() + "/memory/context")
            .exchange()
            .expectStatus()
            .isOk());
  }

  private ResponseSpec forget(PairId pair) {
    return as(pair.userId()).delete().uri(messages(pair)).exchange();
  }
}
