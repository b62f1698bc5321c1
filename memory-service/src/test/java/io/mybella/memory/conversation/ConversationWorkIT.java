package io.mybella.memory.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.conversation.EndedConversations.Ended;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.token.Tokens;
import io.mybella.memory.understanding.Understanding;
import io.mybella.memory.understanding.Understood;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.WorkResult;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

/**
 * Conversations are closed, understood and summed up, and whatever is changed is understood anew.
 */
class ConversationWorkIT extends MemoryServiceTest {

  private static final String UNDERSTOOD =
      " AND ended_at IS NOT NULL AND summarised_at IS NOT NULL";

  @Autowired private EndedConversations ended;
  @Autowired private Conversations conversations;
  @Autowired private ConversationWork work;
  @Autowired private Understanding understanding;

  @Test
  void anOpenConversationIsDueWhenItMayBeIdle() {
    PairId pair = newPair();
    say(pair, "hello");
    say(pair, "hello again");
    assertThat(
            rows(
                "memory_work",
                of(pair)
                    + " AND kind = 'conversations' AND requests = 1 AND due_at BETWEEN now() +"
                    + " interval '29 min' AND now() + interval '31 min'"))
        .isOne();
  }

  @Test
  void anIdleConversationIsClosedUnderstoodOnceAndSummedUp() {
    PairId pair = newPair();
    say(pair, "I am so happy: my pottery class begins on Monday.");
    say(pair, "My sister comes to the pottery class, too.");
    endByIdling(pair);
    await().until(() -> rows("conversation", of(pair) + UNDERSTOOD) == 1);
    assertThat(
            rows(
                "conversation",
                of(pair)
                    + " AND revision = 1 AND summarised_by = 'extract' AND title = 'Pottery class'"
                    + " AND user_mood = 'glad' AND ended_at = last_message_at"))
        .isOne();
    await().untilAsserted(() -> assertThat(summary(pair)).contains("Pottery class", "Monday"));
    await().until(() -> rows("memory_work", of(pair) + " AND kind = 'conversations'") == 0);
  }

  @Test
  void aConversationThatGoesOnIsNotClosed() {
    PairId pair = newPair();
    say(pair, "still there");
    asSuperuser(
        db ->
            db.sql(
                    "UPDATE conversation SET last_message_at = now() - interval '10 min' WHERE "
                        + of(pair))
                .update());
    assertThat(work.handle(new Subject.OfPair(pair), () -> false))
        .isInstanceOfSatisfying(
            WorkResult.Later.class,
            later ->
                assertThat(later.dueAt())
                    .isBetween(
                        Instant.now().plus(Duration.ofMinutes(19)),
                        Instant.now().plus(Duration.ofMinutes(21))));
    assertThat(rows("conversation", of(pair) + " AND ended_at IS NULL")).isOne();
  }

  @Test
  void theConversationBeforeIsUnderstoodWhenTheNextOneOpens() {
    PairId pair = newPair();
    say(pair, "We talk about volcanoes in Iceland.");
    idle(pair);
    say(pair, "And now about something else.");
    await().until(() -> rows("conversation", of(pair) + UNDERSTOOD) == 1);
    assertThat(rows("conversation", of(pair) + " AND ended_at IS NULL AND revision = 0")).isOne();
    await().untilAsserted(() -> assertThat(summary(pair)).contains("volcanoes"));
  }

  @Test
  void conversationsInWhichNothingWasSaidAreTakenAway() {
    PairId pair = newPair();
    conversations.open(pair);
    endByIdling(pair);
    await().until(() -> rows("conversation", of(pair)) == 0);
    assertThat(rows("persona_memory", of(pair))).isOne();
  }

  @Test
  void whatIsBroughtInIsUnderstoodAndWhatItJoinsAnew() {
    PairId pair = newPair();
    bring(pair, "2024-03-01T10:00:00Z", "The tomatoes in my garden are ripe.");
    bring(pair, "2024-05-01T10:00:00Z", "The strawberries in my garden are ripe.");
    await().until(() -> rows("conversation", of(pair) + UNDERSTOOD) == 2);
    await()
        .untilAsserted(
            () ->
                assertThat(summary(pair))
                    .containsSubsequence("2024-03-01", "tomatoes", "2024-05-01", "strawberries"));
    bring(pair, "2024-03-01T10:05:00Z", "My garden has zucchini, a lot of zucchini.");
    await()
        .untilAsserted(
            () ->
                assertThat(rows("conversation", of(pair) + UNDERSTOOD + " AND revision = 3"))
                    .isOne());
    await().untilAsserted(() -> assertThat(summary(pair)).contains("zucchini"));
  }

  @Test
  void anEditTakesTheUnderstandingAwayAtOnceAndANewOneComes() {
    PairId pair = newPair();
    Object first = say(pair, "My secret is a submarine in the garage.").get("id");
    say(pair, "The submarine is yellow.");
    endByIdling(pair);
    await().untilAsserted(() -> assertThat(summary(pair)).contains("submarine"));
    withWorkHeld(
        pair,
        () -> {
          edit(pair, first, "My secret is a bicycle in the garage.");
          assertThat(summary(pair)).isNull();
          assertThat(
                  rows(
                      "conversation",
                      of(pair) + " AND summary IS NULL AND title IS NULL AND revision = 2"))
              .isOne();
          assertThat(rows("rolling_summary", of(pair))).isZero();
        });
    await().untilAsserted(() -> assertThat(summary(pair)).contains("bicycle"));
    assertThat(rows("conversation", of(pair) + UNDERSTOOD + " AND revision = 3")).isOne();
  }

  @Test
  void anEditOfAConversationThatGoesOnLeavesTheOthersAsTheyAre() {
    PairId pair = newPair();
    say(pair, "We talk about volcanoes in Iceland.");
    idle(pair);
    Object now = say(pair, "And now about something else.").get("id");
    await().untilAsserted(() -> assertThat(summary(pair)).contains("volcanoes"));
    withWorkHeld(
        pair,
        () -> {
          edit(pair, now, "About nothing at all.");
          assertThat(summary(pair)).contains("volcanoes");
        });
  }

  @Test
  void aDeletedMessageIsInNoSummaryFromThenOn() {
    PairId pair = newPair();
    Object first = say(pair, "My secret is a submarine in the garage.").get("id");
    say(pair, "The garage is cold.");
    endByIdling(pair);
    await().untilAsserted(() -> assertThat(summary(pair)).contains("submarine"));
    withWorkHeld(
        pair,
        () -> {
          remove(pair, first);
          assertThat(summary(pair)).isNull();
        });
    await().untilAsserted(() -> assertThat(summary(pair)).contains("cold"));
    assertThat(
            rows(
                "conversation",
                of(pair)
                    + " AND concat(title, summary, key_topics, important_facts) LIKE"
                    + " '%submarine%'"))
        .isZero();
  }

  @Test
  void aConversationThatGoesWithItsLastMessageIsInNoSummary() {
    PairId pair = newPair();
    Object only = say(pair, "My secret is a submarine in the garage.").get("id");
    endByIdling(pair);
    await().untilAsserted(() -> assertThat(summary(pair)).contains("submarine"));
    remove(pair, only);
    assertThat(summary(pair)).isNull();
    assertThat(rows("conversation", of(pair))).isZero();
    assertThat(rows("rolling_summary", of(pair))).isZero();
  }

  @Test
  void whatIsForgottenIsInNoSummary() {
    PairId pair = newPair();
    say(pair, "My secret is a submarine in the garage.");
    endByIdling(pair);
    await().untilAsserted(() -> assertThat(summary(pair)).contains("submarine"));
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    assertThat(summary(pair)).isNull();
    say(pair, "A new beginning with lighthouses.");
    endByIdling(pair);
    await()
        .untilAsserted(
            () -> assertThat(summary(pair)).contains("lighthouses").doesNotContain("submarine"));
    await().until(() -> rows("rolling_summary", of(pair)) == 1);
  }

  /** Two who have read the same, and one who has read what was changed since. */
  @Test
  void whatWasReadBeforeAChangeIsNotKept() {
    PairId pair = newPair();
    Object first = say(pair, "The first text.").get("id");
    withWorkHeld(
        pair,
        () -> {
          idle(pair);
          ended.endIdle(pair, conversations.idleSince());
          Ended before = ended.next(pair).orElseThrow();
          edit(pair, first, "The second text.");
          Ended after = ended.next(pair).orElseThrow();
          assertThat(after.talk().utterances().getFirst().text()).isEqualTo("The second text.");
          assertThat(ended.understood(pair, before, titled("stale"), "test")).isFalse();
          assertThat(ended.understood(pair, after, titled("right"), "test")).isTrue();
          assertThat(ended.understood(pair, after, titled("again"), "test")).isFalse();
          assertThat(rows("conversation", of(pair) + " AND title = 'right' AND revision = 2"))
              .isOne();
          assertThat(ended.next(pair)).isEmpty();
        });
  }

  @Test
  void manyAtOnceUnderstandAConversationOnce() {
    PairId pair = newPair();
    withWorkHeld(
        pair,
        () -> {
          IntStream.range(0, 20)
              .forEach(
                  i -> bring(pair, "2024-01-%02dT10:00:00Z".formatted(i + 1), "Said on day " + i));
          var together = new CountDownLatch(4);
          List<Future<WorkResult>> results;
          try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            results =
                IntStream.range(0, 4)
                    .mapToObj(_ -> workers.submit(() -> handleWith(together, pair)))
                    .toList();
          }
          assertThat(results)
              .extracting(Future::resultNow)
              .hasOnlyElementsOfType(WorkResult.Done.class);
          assertThat(rows("conversation", of(pair) + UNDERSTOOD + " AND revision = 1"))
              .isEqualTo(20);
          assertThat(rows("rolling_summary", of(pair))).isOne();
        });
  }

  private WorkResult handleWith(CountDownLatch together, PairId pair) throws InterruptedException {
    together.countDown();
    together.await();
    return work.handle(new Subject.OfPair(pair), () -> false);
  }

  @Test
  void aTurnThatIsOverLeavesTheRestAndSumsUpWhatThereIs() {
    PairId pair = newPair();
    withWorkHeld(
        pair,
        () -> {
          bring(pair, "2024-01-01T10:00:00Z", "The older one about apples.");
          bring(pair, "2024-02-01T10:00:00Z", "The newer one about bananas.");
          int[] looks = {0};
          assertThat(work.handle(new Subject.OfPair(pair), () -> looks[0]++ > 0))
              .isInstanceOf(WorkResult.Unfinished.class);
          assertThat(summary(pair)).contains("bananas").doesNotContain("apples");
        });
    await().untilAsserted(() -> assertThat(summary(pair)).contains("bananas", "apples"));
  }

  @Test
  void theSummaryOfManyConversationsKeepsItsBound() {
    PairId pair = newPair();
    withWorkHeld(
        pair,
        () -> {
          IntStream.range(0, 80)
              .forEach(
                  i ->
                      bring(
                          pair,
                          "20%02d-01-01T10:00:00Z".formatted(i % 24),
                          "In year %02d we spoke of %s"
                              .formatted(i % 24, "many long words ".repeat(20))));
          work.handle(new Subject.OfPair(pair), () -> false);
        });
    String summary = Objects.requireNonNull(summary(pair));
    assertThat(summary.length()).isBetween(1_000, 2_000);
    assertThat(summary.lines().toList().getLast()).contains("23");
  }

  @Test
  void theBudgetHoldsMessagesAndSummaryTogether() {
    PairId pair = newPair();
    say(pair, "We talk about volcanoes in Iceland.");
    idle(pair);
    say(pair, "first " + "x".repeat(294));
    say(pair, "second " + "x".repeat(293));
    await().untilAsserted(() -> assertThat(summary(pair)).contains("volcanoes"));
    int length = Tokens.of(Objects.requireNonNull(summary(pair)));
    int second = Tokens.of("second " + "x".repeat(293));
    int both = second + Tokens.of("first " + "x".repeat(294));

    Map<String, Object> none = context(pair, 1);
    assertThat(texts(none)).isEmpty();
    assertThat(none.get("summary")).isNull();
    Map<String, Object> summaryAlone = context(pair, 2 * length);
    assertThat(texts(summaryAlone)).isEmpty();
    assertThat(summaryAlone.get("summary")).isNotNull();
    assertThat(context(pair, 2 * length - 1).get("summary")).isNull();
    assertThat(texts(context(pair, second + length)))
        .hasSize(1)
        .allMatch(each -> each.toString().startsWith("second"));
    assertThat(texts(context(pair, both + length))).hasSize(2);
    assertThat(texts(context(pair, both + length - 1))).hasSize(1);
    as(pair.userId())
        .get()
        .uri(contextOf(pair) + "?max_tokens=0")
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  @Test
  void whatWasLearnedTakesAQuarterOfTheBudgetAtMost() {
    PairId pair = newPair();
    say(pair, "Remember that I keep bees");
    say(pair, "x".repeat(300));
    Map<?, ?> learned = (Map<?, ?>) preferences(context(pair, null)).getFirst();
    int tokens =
        Tokens.of(
            "%s %s %s"
                .formatted(learned.get("category"), learned.get("key"), learned.get("value")));
    int message = Tokens.of("x".repeat(300));

    assertThat(preferences(context(pair, 4 * tokens))).hasSize(1);
    assertThat(preferences(context(pair, 4 * tokens - 1))).isEmpty();
    assertThat(texts(context(pair, tokens + message))).hasSize(1);
    assertThat(preferences(context(pair, tokens + message))).hasSize(1);
    assertThat(texts(context(pair, tokens + message - 1))).isEmpty();
  }

  private static List<?> preferences(Map<String, Object> context) {
    return (List<?>) Objects.requireNonNull(context.get("preferences"));
  }

  private Understood titled(String title) {
    assertThat(understanding.name()).isEqualTo("extract");
    return new Understood(title, title, List.of(), null, List.of());
  }

  /** Keeps the service's own worker away from a pair, as one that holds a lease does. */
  private void withWorkHeld(PairId pair, Runnable test) {
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO persona_memory (user_id, persona_id) VALUES (%1$d, %2$d)
                    ON CONFLICT DO NOTHING;
                    INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at, lease)
                    VALUES (%1$d, %2$d, 'conversations', now(), now() + interval '1 hour',
                      gen_random_uuid())
                    ON CONFLICT (user_id, persona_id, kind) DO UPDATE
                    SET next_at = excluded.next_at, lease = excluded.lease
                    """
                        .formatted(pair.userId(), pair.personaId()))
                .update());
    try {
      test.run();
    } finally {
      beDue(pair);
    }
  }

  private void endByIdling(PairId pair) {
    idle(pair);
    beDue(pair);
  }

  private void idle(PairId pair) {
    asSuperuser(
        db ->
            db.sql(
                    """
                    UPDATE conversation SET last_message_at = now() - interval '31 minutes'
                    WHERE ended_at IS NULL AND %s
                    """
                        .formatted(of(pair)))
                .update());
  }

  private void beDue(PairId pair) {
    asSuperuser(
        db ->
            db.sql(
                    """
                    UPDATE memory_work SET due_at = now(), next_at = now(), lease = NULL
                    WHERE kind = 'conversations' AND %s
                    """
                        .formatted(of(pair)))
                .update());
  }

  private void bring(PairId pair, String at, String content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "user");
    message.put("content", content);
    message.put("created_at", at);
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("messages", List.of(message)))
        .exchange()
        .expectStatus()
        .isCreated();
  }

  private void edit(PairId pair, Object message, String content) {
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + message)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", content))
        .exchange()
        .expectStatus()
        .isOk();
  }

  private void remove(PairId pair, Object message) {
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "/" + message)
        .exchange()
        .expectStatus()
        .isNoContent();
  }

  private String summary(PairId pair) {
    return (String) context(pair, null).get("summary");
  }

  private Map<String, Object> context(PairId pair, Integer maxTokens) {
    String uri = contextOf(pair) + (maxTokens == null ? "" : "?max_tokens=" + maxTokens);
    return answer(as(pair.userId()).get().uri(uri).exchange().expectStatus().isOk());
  }

  private static String contextOf(PairId pair) {
    return "/api/personas/" + pair.personaId() + "/memory/context";
  }
}
