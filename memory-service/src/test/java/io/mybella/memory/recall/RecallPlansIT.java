package io.mybella.memory.recall;

import static io.mybella.memory.pair.ExplainedScope.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.ExplainedScope;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Recalling reads a history once, and then what was added and what was found. */
class RecallPlansIT extends MemoryServiceTest {

  @Autowired private HikariDataSource pool;
  @Autowired private PersonaAccess access;
  @Autowired private Languages languages;
  @Autowired private RecallProperties properties;
  @Autowired private Meanings meanings;

  @Test
  void twoStatementsEachReadOnePartitionAndNoMoreOfItThanTheyNeed() {
    PairId pair = newPair();
    for (int i = 0; i < 30; i++) {
      say(pair, "tea number " + i);
    }
    this.<Boolean>asSuperuser(
        db -> {
          try (ExplainedScope explained = ExplainedScope.open(pool, db)) {
            var rows = new IndexRows(explained.scope(), properties);
            var indexes = new PairIndexes(rows, access, languages, properties);
            var recall = new Recall(indexes, new RecalledRows(explained.scope()), access, meanings);

            assertThat(recall.recall(pair, "tea", 5, false)).hasSize(5);
            assertThat(rowsRead(explained)).containsExactly(30L, 5L);

            assertThat(recall.recall(pair, "tea", 5, true)).hasSize(5);
            assertThat(rowsRead(explained)).first().isEqualTo(0L);

            say(pair, "more tea");
            assertThat(recall.recall(pair, "tea", 5, false)).hasSize(5);
            assertThat(rowsRead(explained)).containsExactly(1L, 5L);
            return true;
          }
        });
  }

  /** Rows of messages that each statement has read, in a single partition. */
  private static List<Long> rowsRead(ExplainedScope explained) {
    return explained.plansOf("chat_message").stream().map(RecallPlansIT::rowsRead).toList();
  }

  private static long rowsRead(JsonNode explained) {
    List<JsonNode> read =
        nodes(explained.path("Plan"))
            .filter(node -> node.path("Relation Name").asString("").startsWith("chat_message"))
            .filter(node -> node.path("Actual Loops").asInt() > 0)
            .toList();
    assertThat(read.stream().map(node -> node.path("Relation Name").asString()).distinct())
        .as("%s", explained)
        .hasSizeLessThan(2);
    return Math.round(
        read.stream()
            .mapToDouble(
                node -> node.path("Actual Rows").asDouble() * node.path("Actual Loops").asInt())
            .sum());
  }
}
