package io.mybella.memory.conversation;

import static io.mybella.memory.pair.ExplainedScope.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.understanding.Talk;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What is read of conversations costs the same however many there are, and however long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationPlansIT extends MemoryServiceTest {

  private static final int CONVERSATIONS = 4_000;
  private static final int MESSAGES = 1_000;
  private static final int PAGE = 20;

  @Autowired private PersonaAccess access;
  @Autowired private IdGenerator ids;
  @Autowired private Clock clock;
  @Autowired private HikariDataSource pool;

  private ExplainedScope explained;
  private ConversationList list;
  private EndedConversations ended;
  private PairId talkative;

  @BeforeAll
  void fill() {
    talkative = new PairId(newId(), systemPersona());
    say(talkative, "the newest conversation is open");
    asSuperuser(
        db -> {
          db.sql(
                  """
                  WITH talks AS MATERIALIZED (
                    SELECT uuidv7() AS id, uuidv7(make_interval(hours => n - 5000)) AS first_id,
                      now() + make_interval(hours => n - 5000) AS at, n
                    FROM generate_series(1, :conversations) AS n),
                  said AS MATERIALIZED (
                    SELECT talks.id AS conversation_id, at,
                      uuidv7(make_interval(hours => talks.n - 5000, secs => m)) AS id
                    FROM talks, generate_series(1, CASE WHEN n %% 2000 = 0 THEN %d ELSE 5 END) AS m),
                  held AS (
                    INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at,
                      ended_at, message_count, first_message_id, last_message_id, summarised_at,
                      title, summary)
                    SELECT :user_id, :persona_id, conversation_id, at, at, at, count(*),
                      min(said.id::text)::uuid, max(said.id::text)::uuid,
                      CASE WHEN count(*) < %d THEN at END, 'title', 'summary'
                    FROM said GROUP BY conversation_id, at)
                  INSERT INTO chat_message
                    (user_id, persona_id, id, conversation_id, role, content, created_at)
                  SELECT :user_id, :persona_id, id, conversation_id, 'user', 'message', at FROM said
                  """
                      .formatted(MESSAGES, MESSAGES))
              .param("conversations", CONVERSATIONS)
              .param("user_id", talkative.userId())
              .param("persona_id", talkative.personaId())
              .update();
          db.sql("VACUUM ANALYZE conversation, chat_message").update();
          explained = ExplainedScope.open(pool, db);
          return true;
        });
    list = new ConversationList(explained.scope(), access);
    ended = new EndedConversations(explained.scope(), ids, clock, List.of());
  }

  @AfterAll
  void empty() throws SQLException {
    explained.close();
    asSuperuser(db -> db.sql("DELETE FROM persona_memory WHERE " + of(talkative)).update());
  }

  @Test
  void aPageOfTheListReadsThatPageAlone() {
    explained.plansOf("conversation");
    ConversationPage first = list.page(talkative, PAGE, null);
    ConversationPage second = list.page(talkative, PAGE, first.nextBefore());
    assertThat(second.conversations()).hasSize(PAGE);

    List<JsonNode> plans = explained.plansOf("conversation");
    assertThat(plans).hasSize(2);
    for (JsonNode each : plans) {
      assertThat(visits(each.path("Plan"), "conversation"))
          .singleElement()
          .satisfies(
              visit -> {
                assertThat(visit.path("Node Type").asString()).isEqualTo("Index Scan");
                assertThat(visit.path("Index Name").asString()).isEqualTo("conversation_by_start");
                assertThat(visit.path("Scan Direction").asString()).isEqualTo("Backward");
                assertThat(rowsRead(visit)).as("one tells of more").isEqualTo(PAGE + 1);
              });
    }
  }

  @Test
  void oneConversationIsReadByItsKey() {
    Conversation newest = list.page(talkative, 1, null).conversations().getFirst();
    explained.plansOf("conversation");
    assertThat(list.one(talkative, newest.id())).isEqualTo(newest);
    assertThat(visits(onlyPlan(), "conversation"))
        .singleElement()
        .satisfies(visit -> assertThat(rowsRead(visit)).isOne());
  }

  /** It is the newest of two, among conversations that are understood and messages of others. */
  @Test
  void aLongConversationIsUnderstoodFromItsLastMessagesAndNoOthersAreRead() {
    explained.plansOf("conversation");
    assertThat(ended.next(talkative).orElseThrow().talk().utterances())
        .hasSize(Talk.MOST_UTTERANCES);

    JsonNode plan = onlyPlan();
    assertThat(visits(plan, "conversation"))
        .singleElement()
        .satisfies(
            visit -> {
              assertThat(visit.path("Index Name").asString())
                  .isEqualTo("conversation_not_understood");
              assertThat(rowsRead(visit)).isOne();
            });
    assertThat(visits(plan, "chat_message").mapToLong(ConversationPlansIT::rowsRead).sum())
        .isEqualTo(Talk.MOST_UTTERANCES);
  }

  private JsonNode onlyPlan() {
    List<JsonNode> plans = explained.plansOf("conversation");
    assertThat(plans).hasSize(1);
    return plans.getFirst().path("Plan");
  }

  private static Stream<JsonNode> visits(JsonNode plan, String table) {
    return nodes(plan)
        .filter(node -> node.path("Relation Name").asString("").startsWith(table))
        .filter(node -> node.path("Actual Loops").asInt() > 0);
  }

  private static long rowsRead(JsonNode visit) {
    return visit.path("Actual Loops").asLong()
        * (visit.path("Actual Rows").asLong() + visit.path("Rows Removed by Filter").asLong());
  }
}
