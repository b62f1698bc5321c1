package io.mybella.memory.erasure;

import static io.mybella.memory.pair.ExplainedScope.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.ManyMemories;
import io.mybella.memory.pair.PairId;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Forgetting a pair costs what the pair has, whatever others have. */
class ErasurePlansIT extends MemoryServiceTest {

  private static final int BATCH = 1_000;

  @Autowired private HikariDataSource pool;

  @Test
  void aHistoryIsErasedInBatchesThroughItsKey() throws SQLException {
    PairId pair = new PairId(newId(), systemPersona());
    say(pair, "hello");
    List<JsonNode> plans =
        this.<List<JsonNode>>asSuperuser(
            db -> {
              ManyMemories.make(db, pair, 1L << 41);
              try (ExplainedScope explained = ExplainedScope.open(pool, db)) {
                new PairEraser(
                        explained.scope(),
                        List.of(new ErasableTable("chat_message", "id")),
                        new ErasureProperties(BATCH, 1))
                    .erase(pair, _ -> {}, () -> false);
                return explained.plansOf("chat_message");
              } finally {
                ManyMemories.remove(db, pair);
              }
            });

    // For each batch where it ends and its removal, then that there is no more, and the last one.
    assertThat(plans).hasSize(2 * (ManyMemories.LONG / BATCH) + 2);
    for (JsonNode plan : plans) {
      assertThat(nodes(plan.path("Plan")))
          .as("%s", plan)
          .filteredOn(node -> node.path("Relation Name").asString("").startsWith("chat_message"))
          .isNotEmpty()
          .noneMatch(node -> node.path("Node Type").asString().equals("Seq Scan"));
      assertThat(nodes(plan.path("Plan")))
          .noneMatch(node -> node.path("Node Type").asString().endsWith("Sort"));
      assertThat(
              nodes(plan.path("Plan"))
                  .filter(node -> node.path("Actual Loops").asInt() > 0)
                  .filter(node -> node.has("Relation Name") && node.has("Alias"))
                  .mapToLong(node -> node.path("Actual Rows").asLong())
                  .sum())
          .as("rows read: %s", plan)
          .isLessThanOrEqualTo(BATCH);
      assertThat(
              nodes(plan.path("Plan"))
                  .mapToLong(node -> node.path("Rows Removed by Filter").asLong())
                  .sum())
          .as("rows read in vain: %s", plan)
          .isZero();
    }
  }
}
