package io.mybella.memory.fact;

import static io.mybella.memory.pair.ExplainedScope.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.fact.FactRows.View;
import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.history.MessageIds;
import io.mybella.memory.history.Role;
import io.mybella.memory.history.Said;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What was learned costs what it is, whatever its history and whatever others have. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FactPlansIT extends MemoryServiceTest {

  private static final String TABLE = "preference";
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  /** What the pair knows, and has known. */
  private static final int CURRENT = 500;

  private static final int PAST = 8_000;

  @Autowired private HikariDataSource pool;
  @Autowired private MessageIds ids;
  @Autowired private Certainty certainty;

  private ExplainedScope explained;
  private FactRows rows;
  private FactLearner learner;
  private PairId pair;

  @BeforeAll
  void fill() throws IOException {
    pair = new PairId(newId(), systemPersona());
    say(pair, "hello");
    asSuperuser(
        db -> {
          db.sql(
                  """
                  INSERT INTO persona_memory (user_id, persona_id)
                  SELECT n, %d FROM generate_series(1::bigint << 42, (1::bigint << 42) + 199) AS n
                  """
                      .formatted(pair.personaId()))
              .update();
          db.sql(
                  """
                  INSERT INTO preference (user_id, persona_id, id, category, key, value, source,
                    confidence, learned_from, first_observed, last_confirmed, valid_from,
                    valid_until)
                  SELECT user_id, persona_id, uuidv7(), 'c', 'k' || n %% %d, 'value ' || n, 'told',
                    0.9, uuidv7(), now(), now(), now() - n * interval '1 minute',
                    CASE WHEN n > %d THEN now() END
                  FROM persona_memory, generate_series(1, CASE user_id WHEN %d THEN %d ELSE 300 END) AS n
                  WHERE persona_id = %d
                  """
                      .formatted(CURRENT, CURRENT, pair.userId(), CURRENT + PAST, pair.personaId()))
              .update();
          db.sql("VACUUM ANALYZE persona_memory, preference").update();
          explained = ExplainedScope.open(pool, db);
          return true;
        });
    rows = new FactRows(certainty, ids);
    learner = new FactLearner(new ExplicitWords(), rows, Clock.systemUTC());
  }

  @AfterAll
  void empty() throws SQLException {
    explained.close();
    asSuperuser(
        db -> db.sql("DELETE FROM persona_memory WHERE persona_id = " + pair.personaId()).update());
  }

  @Test
  void whatHoldsIsReadWithoutItsHistory() {
    List<JsonNode> plans =
        plans(db -> rows.page(db, View.CURRENT, null, FactRows.beginning(NOW), 50, 16 * 1024));
    assertThat(plans).hasSize(1);
    assertThat(rowsRead(plans)).as("%s", plans).isLessThanOrEqualTo(CURRENT);
  }

  @Test
  void oneNameIsReadAlone() {
    var name = new FactName("c", "k7");
    List<JsonNode> plans =
        plans(db -> rows.page(db, View.NAMED, name, FactRows.beginning(NOW), 51, 256 * 1024));
    assertThat(plans).hasSize(1);
    assertThat(rowsRead(plans)).isEqualTo((CURRENT + PAST) / CURRENT);
  }

  @Test
  void aMessageWithoutWordsThatCountCostsNoStatement() {
    assertThat(plans(db -> learner.stored(db, List.of(said("I forgot my favourite")), false)))
        .isEmpty();
  }

  @Test
  void manyThatAreConfirmedCostTwoStatementsAndReadNothingElse() {
    List<Observation> observations =
        IntStream.rangeClosed(1, 100)
            .mapToObj(
                i ->
                    new Observation(
                        new FactName("c", "k" + i),
                        "value " + i,
                        Source.TOLD,
                        0.9,
                        null,
                        NOW,
                        false))
            .toList();
    List<JsonNode> plans = plans(db -> rows.take(db, observations, NOW));
    assertThat(plans).as("looked up, and changed").hasSize(2);
    assertThat(rowsRead(plans)).as("each twice, to change it: %s", plans).isLessThanOrEqualTo(300);
  }

  @Test
  void whatWasLearnedFromAMessageIsFoundByIt() {
    List<JsonNode> plans = plans(db -> learner.removed(db, List.of(UUID.randomUUID())));
    assertThat(plans).hasSize(1);
    assertThat(rowsRead(plans)).isZero();
  }

  private static Said said(String text) {
    return new Said(UUID.randomUUID(), Role.USER, text, NOW);
  }

  /** The plans of what reads or writes facts; none of them reads the table as a whole. */
  private List<JsonNode> plans(Consumer<PairQueries> work) {
    explained.plansOf(TABLE);
    explained.scope().run(pair, work);
    List<JsonNode> plans = explained.plansOf(TABLE);
    assertThat(plans.stream().flatMap(FactPlansIT::visitsOf))
        .extracting(visit -> visit.path("Node Type").asString())
        .doesNotContain("Seq Scan");
    return plans;
  }

  private static Stream<JsonNode> visitsOf(JsonNode plan) {
    return nodes(plan.path("Plan"))
        .filter(node -> node.path("Relation Name").asString("").equals(TABLE))
        .filter(node -> !node.path("Node Type").asString().equals("ModifyTable"))
        .filter(node -> node.path("Actual Loops").asInt() > 0);
  }

  private static long rowsRead(List<JsonNode> plans) {
    return plans.stream()
        .flatMap(FactPlansIT::visitsOf)
        .mapToLong(
            visit ->
                visit.path("Actual Loops").asLong()
                    * (visit.path("Actual Rows").asLong()
                        + visit.path("Rows Removed by Filter").asLong()
                        + visit.path("Rows Removed by Index Recheck").asLong()))
        .sum();
  }
}
