package io.mybella.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What one replica changes, no replica recalls: each has indexes of its own, and both have indexed
 * the canary before.
 */
class IndexesOfReplicasIT extends MemoryServiceTest {

  private static final String CANARY = "My canary is called Pip.";

  private static final NewMessage GREETING =
      new NewMessage(Role.USER, "Hello again.", null, null, null, null, null, null);

  @Autowired private MessageHistory history;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private IndexRows rows;
  @Autowired private RecalledRows recalled;
  @Autowired private PersonaAccess access;
  @Autowired private Languages languages;
  @Autowired private RecallProperties properties;
  @Autowired private Meanings meanings;

  private List<Recall> replicas;

  @BeforeEach
  void twoReplicas() {
    replicas = Stream.generate(this::replica).limit(2).toList();
  }

  private Recall replica() {
    return new Recall(
        new PairIndexes(rows, access, languages, properties), recalled, access, meanings);
  }

  @Test
  void editing() {
    PairId pair = newPair();
    String canary = sayCanary(pair);
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + canary)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", "My sparrow has no name."))
        .exchange()
        .expectStatus()
        .isOk();
    assertNoneKnows(pair);
    for (Recall each : replicas) {
      assertThat(contents(each, pair, "sparrow")).contains("My sparrow has no name.");
    }
  }

  @Test
  void deleting() {
    PairId pair = newPair();
    String canary = sayCanary(pair);
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "/" + canary)
        .exchange()
        .expectStatus()
        .isNoContent();
    assertNoneKnows(pair);
  }

  @Test
  void deletingAllFromThereOn() {
    PairId pair = newPair();
    String canary = sayCanary(pair);
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "?from=" + canary)
        .exchange()
        .expectStatus()
        .isNoContent();
    assertNoneKnows(pair);
  }

  @Test
  void forgettingAndGoingOn() {
    PairId pair = newPair();
    sayCanary(pair);
    // At once, so that the memory itself is not erased in between and begins anew.
    new TransactionTemplate(transactions)
        .executeWithoutResult(
            _ -> {
              history.forget(pair);
              history.append(pair, GREETING);
            });
    assertNoneKnows(pair);
    assertOnlyTheGreetingIsIndexed(pair);
    await().until(() -> rows("chat_message", of(pair)) == 1);
    assertNoneKnows(pair);
    assertOnlyTheGreetingIsIndexed(pair);
  }

  @Test
  void aMemoryThatBeginsAnewIsAnotherOne() {
    PairId pair = newPair();
    sayCanary(pair);
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    await().until(() -> rows("persona_memory", of(pair)) == 0);
    say(pair, "Hello again.");
    assertNoneKnows(pair);
    assertOnlyTheGreetingIsIndexed(pair);
  }

  /** Index and text are asked: a stale index would find whatever the text is now. */
  private void assertNoneKnows(PairId pair) {
    for (Recall each : replicas) {
      assertThat(contents(each, pair, "canary Pip")).isEmpty();
    }
  }

  /** What is hidden would take the only place. */
  private void assertOnlyTheGreetingIsIndexed(PairId pair) {
    for (Recall each : replicas) {
      assertThat(each.recall(pair, "hello canary Pip", 1, false))
          .extracting(hit -> hit.message().content())
          .containsExactly("Hello again.");
    }
  }

  /** Returns the id of the canary; it is indexed by both, and something comes before and after. */
  private String sayCanary(PairId pair) {
    say(pair, "Hello, good morning.");
    String id = (String) say(pair, CANARY).get("id");
    say(pair, "Hello, good evening.");
    for (Recall each : replicas) {
      assertThat(contents(each, pair, "canary")).contains(CANARY);
    }
    return id;
  }

  private static List<String> contents(Recall recall, PairId pair, String question) {
    return recall.recall(pair, question, 15, false).stream()
        .map(each -> each.message().content())
        .toList();
  }
}
