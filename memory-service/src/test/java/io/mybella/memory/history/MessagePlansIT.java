package io.mybella.memory.history;

import static io.mybella.memory.pair.ExplainedScope.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.history.MessageRows.Attempt;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.ManyMemories;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A page costs the same whatever the length of the history and the number of other users. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessagePlansIT extends MemoryServiceTest {

  private static final int PAGE = 50;
  private static final String TABLE = "chat_message";

  @Autowired private PersonaScope scope;
  @Autowired private Conversations conversations;
  @Autowired private IdGenerator ids;
  @Autowired private HikariDataSource pool;

  private ExplainedScope explained;
  private MessageRows rows;

  /** Has a history of many pages. */
  private PairId talkative;

  @BeforeAll
  void fill() {
    long user = newId();
    talkative = new PairId(user, systemPersona());
    say(talkative, "the newest conversation is open");
    asSuperuser(
        db -> {
          ManyMemories.make(db, talkative, 1L << 40);
          explained = ExplainedScope.open(pool, db);
          return true;
        });
    rows = new MessageRows(explained.scope(), List.of());
  }

  @AfterAll
  void empty() throws SQLException {
    explained.close();
    asSuperuser(
        db -> {
          ManyMemories.remove(db, talkative);
          return true;
        });
  }

  @Test
  void onePlanServesEveryPairAndIsMadeOnce() {
    assertThat(
            scope.<String>call(
                newPair(), db -> db.sql("SHOW plan_cache_mode").query(String.class).single()))
        .isEqualTo("force_generic_plan");
    for (PairId pair : List.of(talkative, newPair(), newPair())) {
      rows.window(pair, Window.newest(PAGE), MessageHistory.PAGE_BYTES);
      append(pair, UUID.randomUUID());
    }
    assertThat(plansMade()).hasSize(2).allSatisfy(each -> assertThat(each.custom()).isZero());
    assertThat(plansMade()).allSatisfy(each -> assertThat(each.generic()).isGreaterThan(2));
  }

  @Test
  void aPageReadsOnePartitionThroughItsKeyBackwards() {
    explained.plansOf(TABLE);
    List<Message> page = read(Window.newest(PAGE));

    assertThat(page).hasSize(PAGE);
    JsonNode plan = onlyPlan();
    assertThat(nodes(plan).map(node -> node.path("Subplans Removed").asInt())).contains(15);
    assertThat(visitsOf(plan))
        .singleElement()
        .satisfies(
            visit -> {
              assertThat(visit.path("Node Type").asString()).isEqualTo("Index Scan");
              assertThat(visit.path("Scan Direction").asString()).isEqualTo("Backward");
              assertThat(visit.path("Index Name").asString()).matches("chat_message_p\\d\\d_pkey");
              assertThat(visit.path("Index Cond").asString())
                  .matches(
                      "\\(\\(user_id = \\$\\d+\\) AND \\(persona_id = \\$\\d+\\) AND \\(id >"
                          + " \\(InitPlan \\d+\\).col1\\) AND \\(id < \\$\\d+\\)\\)");
              assertThat(rowsRead(visit)).as("one tells of more").isEqualTo(PAGE + 1);
            });
    assertReadsByIndex(plan);
    assertSortsNoMoreThanThePage(plan);
  }

  @Test
  void aContextReadsThatPageAndOneSummary() {
    explained.plansOf(TABLE);
    Recent recent =
        rows.recent(talkative, PAGE, MessageHistory.PAGE_BYTES, Integer.MAX_VALUE).value();

    assertThat(recent.messages()).hasSize(PAGE);
    JsonNode plan = onlyPlan();
    assertThat(visitsOf(plan).mapToLong(MessagePlansIT::rowsRead).sum()).isEqualTo(PAGE + 1);
    assertReadsByIndex(plan);
    assertSortsNoMoreThanThePage(plan);
    assertThat(nodes(plan))
        .filteredOn(node -> node.path("Relation Name").asString("").equals("rolling_summary"))
        .singleElement()
        .satisfies(
            node -> {
              assertThat(node.path("Node Type").asString()).startsWith("Index");
              assertThat(node.path("Actual Rows").asInt()).isLessThanOrEqualTo(1);
            });
  }

  @Test
  void aPageForwardReadsOnePartitionThroughItsKeyForwards() {
    UUID first = read(Window.after(new UUID(0, 0), 1)).getFirst().id();
    explained.plansOf(TABLE);

    assertThat(read(Window.after(first, PAGE))).hasSize(PAGE);

    JsonNode plan = onlyPlan();
    assertThat(visitsOf(plan).map(visit -> visit.path("Scan Direction").asString()))
        .containsExactlyInAnyOrder("Forward", "Backward");
    assertThat(visitsOf(plan).mapToLong(MessagePlansIT::rowsRead).sum())
        .as("one before it tells of more")
        .isEqualTo(PAGE + 1);
    assertReadsByIndex(plan);
    assertSortsNoMoreThanThePage(plan);
  }

  @Test
  void aMessageInTheMiddleOfALongHistoryIsShownAtThePriceOfAPage() {
    UUID middle = read(Window.newest(200)).getFirst().id();
    explained.plansOf(TABLE);

    assertThat(read(Window.around(middle, PAGE)))
        .hasSize(PAGE)
        .anyMatch(each -> each.id().equals(middle));

    JsonNode plan = onlyPlan();
    assertThat(visitsOf(plan).mapToLong(MessagePlansIT::rowsRead).sum()).isEqualTo(PAGE + 1);
    assertReadsByIndex(plan);
    assertSortsNoMoreThanThePage(plan);
  }

  @Test
  void anAppendLooksItsKeysUpAndReadsNothingElseOfTheHistory() {
    explained.plansOf(TABLE);
    assertThat(append(talkative, UUID.randomUUID())).isInstanceOf(Attempt.Stored.class);

    JsonNode plan = onlyPlan();
    assertThat(visitsOf(plan).mapToLong(MessagePlansIT::rowsRead).sum()).isZero();
    assertThat(nodes(plan))
        .filteredOn(node -> node.path("Node Type").asString().equals("Bitmap Index Scan"))
        .filteredOn(node -> node.path("Actual Loops").asInt() > 0)
        .extracting(node -> node.path("Index Name").asString())
        .satisfiesExactlyInAnyOrder(
            index -> assertThat(index).matches("chat_message_p\\d\\d_.*_client_message_id_idx"),
            index -> assertThat(index).matches("chat_message_p\\d\\d_.*_idempotency_key_idx"),
            index -> assertThat(index).matches("chat_message_p\\d\\d_.*_in_reply_to_idx"));
    assertReadsByIndex(plan);
  }

  @Test
  void anAppendThatWasMadeBeforeReadsThatMessageAlone() {
    UUID id = UUID.randomUUID();
    append(talkative, id);
    explained.plansOf(TABLE);
    assertThat(append(talkative, id)).isInstanceOf(Attempt.Repeated.class);

    JsonNode plan = onlyPlan();
    assertThat(visitsOf(plan).mapToLong(MessagePlansIT::rowsRead).sum()).isOne();
    assertReadsByIndex(plan);
  }

  @Test
  void aBatchLooksAllItsKeysUpAtOnceAndReadsNothingElseOfTheHistory() {
    List<NewMessage> messages =
        IntStream.range(0, 100)
            .mapToObj(
                i -> new NewMessage(Role.USER, "x", null, null, "batch " + i, null, null, null))
            .toList();
    var batches = new BatchRows(explained.scope(), conversations, new MessageIds(ids), List.of());
    explained.plansOf(TABLE);

    assertThat(
            batches
                .append(talkative, new NewBatch(messages, null, "batch"), Instant.now(), _ -> {})
                .value())
        .isInstanceOf(BatchRows.Attempt.Stored.class);

    List<JsonNode> plans = explained.plansOf(TABLE);
    assertThat(plans).as("looked up, and stored").hasSize(2);
    for (JsonNode each : plans) {
      assertThat(visitsOf(each.path("Plan")).mapToLong(MessagePlansIT::rowsRead).sum()).isZero();
    }
    assertReadsByIndex(plans.getFirst().path("Plan"));
  }

  private List<Message> read(Window window) {
    return rows.window(talkative, window, MessageHistory.PAGE_BYTES).value().messages();
  }

  private Attempt append(PairId pair, UUID id) {
    OffsetDateTime longAgo = OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);
    return rows.append(
            pair,
            id,
            new NewMessage(
                Role.USER, "one more", null, null, "client " + id, "key " + id, null, null),
            Instant.now(),
            longAgo)
        .value();
  }

  private JsonNode onlyPlan() {
    List<JsonNode> plans = explained.plansOf(TABLE);
    assertThat(plans).hasSize(1);
    return plans.getFirst().path("Plan");
  }

  /** The nodes that were really run on a partition of the messages. */
  private static Stream<JsonNode> visitsOf(JsonNode plan) {
    return nodes(plan)
        .filter(node -> node.path("Relation Name").asString("").startsWith(TABLE))
        .filter(node -> !node.path("Node Type").asString().equals("ModifyTable"))
        .filter(node -> node.path("Actual Loops").asInt() > 0);
  }

  private static long rowsRead(JsonNode visit) {
    return visit.path("Actual Loops").asLong()
        * (visit.path("Actual Rows").asLong()
            + visit.path("Rows Removed by Filter").asLong()
            + visit.path("Rows Removed by Index Recheck").asLong());
  }

  /** Whichever partition it is: also those that this pair has not run. */
  private static void assertReadsByIndex(JsonNode plan) {
    assertThat(nodes(plan))
        .filteredOn(node -> node.path("Relation Name").asString("").startsWith(TABLE))
        .extracting(node -> node.path("Node Type").asString())
        .isNotEmpty()
        .doesNotContain("Seq Scan");
  }

  /** What is sorted, if anything, is the page. */
  private static void assertSortsNoMoreThanThePage(JsonNode plan) {
    assertThat(nodes(plan))
        .filteredOn(node -> node.path("Node Type").asString().equals("Limit"))
        .isNotEmpty()
        .allSatisfy(
            limit ->
                assertThat(nodes(limit))
                    .noneMatch(node -> node.path("Node Type").asString().endsWith("Sort")));
  }

  private record PlansMade(long generic, long custom) {}

  /**
   * How often the statements on pages and single messages used the one plan, and how often one of
   * their own.
   */
  private List<PlansMade> plansMade() {
    return explained
        .client()
        .sql(
            """
            SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements
            WHERE statement LIKE '%chat_message%' AND statement NOT LIKE '%unnest%'
              AND statement NOT LIKE '%rolling_summary%'
              AND statement NOT LIKE '%pg_prepared_statements%'
            """)
        .query(PlansMade.class)
        .list();
  }
}
