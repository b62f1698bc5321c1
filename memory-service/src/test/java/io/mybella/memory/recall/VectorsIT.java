package io.mybella.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.embedding.Embedders;
import io.mybella.memory.embedding.EmbeddersOfTests;
import io.mybella.memory.embedding.NoVectorException;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.vector.Worker;
import io.mybella.memory.work.WorkLedger;
import io.mybella.memory.work.WorkResult;
import io.mybella.model.testing.ModelStandIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

/**
 * Messages are recalled by what they mean, as long as they are there and say it. The model is a
 * stand-in that knows two meanings, a bird and a meal, behind the real protocol; two replicas
 * recall, each with its own indexes.
 */
class VectorsIT extends MemoryServiceTest {

  private static final ModelStandIn MODEL = new ModelStandIn();
  private static final String CANARY = "Pip sings in his cage.";
  private static final String QUESTION = "Which bird?";

  @Autowired private IndexRows rows;
  @Autowired private RecalledRows recalled;
  @Autowired private PersonaAccess access;
  @Autowired private Languages languages;
  @Autowired private RecallProperties properties;
  @Autowired private PersonaScope scope;
  @Autowired private WorkLedger ledger;
  @Autowired private HikariDataSource pool;

  private final Embedders embedders = EmbeddersOfTests.remote(MODEL.baseUrl(), "two-meanings");
  private Worker worker;
  private List<Recall> replicas;

  @AfterAll
  static void end() {
    MODEL.close();
  }

  @BeforeEach
  void twoReplicas() {
    MODEL.behave(ModelStandIn.embeds(VectorsIT::meaning));
    worker = new Worker(scope, embedders);
    replicas = Stream.generate(() -> replica(embedders, rows)).limit(2).toList();
  }

  private Recall replica(Embedders some, IndexRows read) {
    return new Recall(
        new PairIndexes(read, access, languages, properties),
        recalled,
        access,
        new Meanings(some, Worker.requests(ledger, some), scope));
  }

  /** A bird points one way, a meal the other; of two lines the last says more. */
  private static float[] meaning(String text) {
    String small = text.toLowerCase(Locale.ROOT);
    String last = small.substring(small.lastIndexOf('\n') + 1);
    return new float[] {
      said(last, "sings|bird") + said(small, "sings|bird") / 4,
      said(last, "soup|meal") + said(small, "soup|meal") / 4,
      0.1f
    };
  }

  private static float said(String text, String words) {
    return text.matches("(?s).*(" + words + ").*") ? 1 : 0;
  }

  @Test
  void whatIsMeantIsRecalledWithoutAWordInCommon() {
    PairId pair = newPair();
    sayCanary(pair);
    assertThat(contents(replicas.getFirst(), pair, QUESTION)).startsWith(CANARY);
    assertThat(contents(replicas.getFirst(), pair, "A meal?")).startsWith("The soup is hot.");
    assertThat(replicas.getFirst().known(pair, QUESTION, 1))
        .extracting(each -> each.content())
        .containsExactly(CANARY);
  }

  @Test
  void aModelIsGivenTheMessageBeforeAndWhoSpeaks() {
    PairId pair = newPair();
    say(pair, "Remember that my name is Ann.");
    say(pair, "x".repeat(2_000));
    say(pair, CANARY);
    assertThat(worker.texts(pair))
        .containsExactly(
            "Ann: Remember that my name is Ann.",
            "Ann: Remember that my name is Ann.\nAnn: " + "x".repeat(1_600),
            "Ann: " + "x".repeat(500) + "\nAnn: " + CANARY);
    worker.embed(pair);
    assertThat(MODEL.requests().getLast().body()).contains("passage: Ann: x");
    assertThat(worker.texts(pair)).isEmpty();
  }

  @Test
  void whatHasNoVectorYetIsFoundByItsWordsAndLaterByBothWithoutReadingTheHistoryAgain() {
    PairId pair = newPair();
    for (int i = 0; i < 20; i++) {
      say(pair, "tea number " + i);
    }
    say(pair, CANARY);
    this.<Boolean>asSuperuser(
        db -> {
          try (ExplainedScope explained = ExplainedScope.open(pool, db)) {
            Recall recall = replica(embedders, new IndexRows(explained.scope(), properties));
            assertThat(contents(recall, pair, QUESTION)).isEmpty();
            assertThat(contents(recall, pair, "Who sings?")).startsWith(CANARY);
            explained.plansOf("chat_message");
            worker.embed(pair);
            assertThat(contents(recall, pair, QUESTION)).contains(CANARY);
            assertThat(rowsRead(explained, "chat_message")).isZero();
            assertThat(contents(recall, pair, QUESTION)).contains(CANARY);
            assertThat(rowsRead(explained, "message_vector")).isZero();
            return true;
          }
        });
  }

  private static long rowsRead(ExplainedScope explained, String table) {
    return explained.plansOf(table).stream()
        .flatMap(plan -> ExplainedScope.nodes(plan.path("Plan")))
        .filter(node -> node.path("Relation Name").asString("").startsWith(table))
        .filter(node -> node.path("Actual Loops").asInt() > 0)
        .mapToLong(node -> Math.round(node.path("Actual Rows").asDouble()))
        .sum();
  }

  @Test
  void ofAnEditedMessageNothingIsLeft() {
    PairId pair = newPair();
    String canary = sayCanary(pair);
    change(pair, canary, "It rains.");
    assertNoneKnows(pair);
    assertThat(vectors(pair)).as("the next one's had a part of it").isEqualTo(1);
    worker.embed(pair);
    assertNoneKnows(pair);
    assertThat(vectors(pair)).isEqualTo(3);
  }

  @Test
  void ofADeletedMessageNothingIsLeft() {
    PairId pair = newPair();
    String canary = sayCanary(pair);
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "/" + canary)
        .exchange()
        .expectStatus()
        .isNoContent();
    assertNoneKnows(pair);
    assertThat(vectors(pair)).isEqualTo(1);
    worker.embed(pair);
    assertNoneKnows(pair);
  }

  @Test
  void ofAForgottenHistoryNothingIsLeft() {
    PairId pair = newPair();
    sayCanary(pair);
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    assertNoneKnows(pair);
    await().until(() -> vectors(pair) == 0);
    say(pair, "Hello again.");
    worker.embed(pair);
    assertNoneKnows(pair);
  }

  @Test
  void vectorsOfWhatHasChangedMeanwhileAreNotKept() {
    PairId pair = newPair();
    String canary = (String) say(pair, CANARY).get("id");
    assertThat(worker.embedLate(pair, () -> change(pair, canary, "It rains."))).isZero();
    assertThat(vectors(pair)).isZero();
    assertThat(worker.embedLate(pair, () -> say(pair, "More."))).isOne();
    assertThat(worker.texts(pair)).containsExactly("User: It rains.\nUser: More.");
  }

  @Test
  void whatIsKeptTwiceIsKeptOnce() {
    PairId pair = newPair();
    say(pair, CANARY);
    assertThat(worker.embedLate(pair, () -> worker.embed(pair))).isOne();
    assertThat(vectors(pair)).isOne();
    assertThat(contents(replicas.getFirst(), pair, QUESTION)).contains(CANARY);
  }

  @Test
  void theVectorsOfAnEarlierModelServeUntilThereAreOthers() {
    PairId pair = newPair();
    sayCanary(pair);
    Embedders later = EmbeddersOfTests.remote(MODEL.baseUrl(), "two-meanings-later");
    Recall recall = replica(later, rows);
    assertThat(contents(recall, pair, QUESTION)).startsWith(CANARY);
    assertThat(MODEL.requests().getLast().body()).contains("\"two-meanings\"");
    assertThat(rows("memory_work", of(pair) + " AND kind = 'embed'")).isOne();

    new Worker(scope, later).embed(pair);
    assertThat(rows("message_vector", of(pair) + " AND model = 'two-meanings-later'")).isEqualTo(3);
    assertThat(vectors(pair)).isEqualTo(3);
    assertThat(contents(recall, pair, QUESTION)).startsWith(CANARY);
    assertThat(MODEL.requests().getLast().body()).contains("\"two-meanings-later\"");
  }

  @Test
  void vectorsThatNobodyCanCompareCountForNothing() {
    PairId pair = newPair();
    sayCanary(pair);
    Recall local = replica(EmbeddersOfTests.local(), rows);
    assertThat(contents(local, pair, QUESTION)).isEmpty();
    assertThat(contents(local, pair, "sings")).startsWith(CANARY);
  }

  @Test
  void whileTheModelFailsWordsAreWhatCounts() {
    PairId pair = newPair();
    sayCanary(pair);
    say(pair, "One more.");
    MODEL.behave(ModelStandIn.fails(500));
    assertThat(contents(replicas.getFirst(), pair, "Who sings in a cage?")).startsWith(CANARY);
    assertThat(contents(replicas.getFirst(), pair, QUESTION)).isEmpty();
    assertThatThrownBy(() -> worker.embed(pair)).isInstanceOf(NoVectorException.class);
    assertThat(vectors(pair)).isEqualTo(3);
    MODEL.behave(ModelStandIn.embeds(VectorsIT::meaning));
    assertThat(worker.embed(pair)).isInstanceOf(WorkResult.Done.class);
    assertThat(vectors(pair)).isEqualTo(4);
  }

  private void assertNoneKnows(PairId pair) {
    for (Recall each : replicas) {
      assertThat(contents(each, pair, QUESTION)).isEmpty();
    }
  }

  /** Returns the id of the canary; it is recalled by both, and something comes before and after. */
  private String sayCanary(PairId pair) {
    say(pair, "Hello, good morning.");
    String id = (String) say(pair, CANARY).get("id");
    say(pair, "The soup is hot.");
    worker.embed(pair);
    for (Recall each : replicas) {
      assertThat(contents(each, pair, QUESTION)).contains(CANARY);
    }
    return id;
  }

  private void change(PairId pair, String message, String content) {
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + message)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", content))
        .exchange()
        .expectStatus()
        .isOk();
  }

  private long vectors(PairId pair) {
    return rows("message_vector", of(pair));
  }

  private static List<String> contents(Recall recall, PairId pair, String question) {
    List<String> contents = new ArrayList<>();
    recall.recall(pair, question, 1, false).forEach(each -> contents.add(each.message().content()));
    return contents;
  }
}
