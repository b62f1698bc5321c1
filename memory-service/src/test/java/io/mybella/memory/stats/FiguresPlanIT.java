package io.mybella.memory.stats;

import static io.mybella.memory.pair.ExplainedScope.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Counting reads a history once. */
class FiguresPlanIT extends MemoryServiceTest {

  @Autowired private HikariDataSource pool;
  @Autowired private PersonaAccess access;
  @Autowired private Clock clock;

  @Test
  void oneStatementReadsOnePartitionOnce() {
    PairId pair = newPair();
    say(pair, "hello");
    say(pair, "again");
    List<JsonNode> plans =
        this.<List<JsonNode>>asSuperuser(
            db -> {
              try (ExplainedScope explained = ExplainedScope.open(pool, db)) {
                var figures = new MemoryFigures(explained.scope(), access, clock);
                assertThat(figures.of(pair).messages()).isEqualTo(2);
                return explained.plansOf("chat_message");
              }
            });

    assertThat(plans).hasSize(1);
    JsonNode plan = plans.getFirst().path("Plan");
    assertThat(nodes(plan).map(node -> node.path("Subplans Removed").asInt())).contains(15);
    for (String table : List.of("chat_message", "conversation")) {
      assertThat(
              nodes(plan)
                  .filter(node -> node.path("Relation Name").asString("").startsWith(table))
                  .map(node -> node.path("Actual Loops").asInt())
                  .filter(loops -> loops > 0))
          .as("%s: %s", table, plan)
          .containsExactly(1);
    }
  }
}
