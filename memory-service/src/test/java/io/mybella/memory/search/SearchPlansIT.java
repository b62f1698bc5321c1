package io.mybella.memory.search;

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

/** A search reads one pair's messages once, and no more of them than it needs. */
class SearchPlansIT extends MemoryServiceTest {

  @Autowired private HikariDataSource pool;
  @Autowired private PersonaAccess access;

  @Test
  void bothOrdersReadOnePartitionOnceAndTheNewestStopEarly() {
    PairId pair = newPair();
    for (int i = 0; i < 30; i++) {
      say(pair, "tea number " + i);
    }
    for (Order order : Order.values()) {
      List<JsonNode> plans =
          this.<List<JsonNode>>asSuperuser(
              db -> {
                try (ExplainedScope explained = ExplainedScope.open(pool, db)) {
                  var search = new MessageSearch(explained.scope(), access);
                  assertThat(search.page(pair, "tea", order, 5, null).found()).hasSize(5);
                  return explained.plansOf("chat_message");
                }
              });
      assertThat(plans).hasSize(1);
      JsonNode plan = plans.getFirst().path("Plan");
      List<JsonNode> read =
          nodes(plan)
              .filter(node -> node.path("Relation Name").asString("").startsWith("chat_message"))
              .filter(node -> node.path("Actual Loops").asInt() > 0)
              .toList();
      assertThat(read).as("%s: %s", order, plan).hasSize(1);
      assertThat(read.getFirst().path("Actual Rows").asDouble())
          .as("%s: %s", order, plan)
          .isEqualTo(order == Order.NEWEST ? 6 : 30);
    }
  }
}
