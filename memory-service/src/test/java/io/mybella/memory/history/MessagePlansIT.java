package io.mybella.memory.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A page costs the same whatever the length of the history and the number of other users. */
class MessagePlansIT extends MemoryServiceTest {

  @Autowired private PersonaScope scope;

  @Test
  void onePlanServesEveryPairAndIsMadeOnce() {
    assertThat(
            scope.<String>call(
                newPair(), db -> db.sql("SHOW plan_cache_mode").query(String.class).single()))
        .isEqualTo("force_generic_plan");
  }

  @Test
  void aPageReadsOnePartitionThroughItsKeyBackwards() {
    PairId pair = newPair();
    say(pair, "hello");
    String page =
        MessageRows.NEWEST
            .replace(":user_id", "$1")
            .replace(":persona_id", "$2")
            .replace(":before", "$3")
            .replace(":limit", "$4");
    List<String> plan =
        scope.call(
            pair,
            db -> {
              db.sql("PREPARE page (bigint, bigint, uuid, int) AS " + page).update();
              List<String> lines =
                  db.sql(
                          """
                          EXPLAIN (ANALYZE, COSTS OFF) EXECUTE page (%d, %d,
                            'ffffffff-ffff-ffff-ffff-ffffffffffff', 51)
                          """
                              .formatted(pair.userId(), pair.personaId()))
                      .query(String.class)
                      .list();
              db.sql("DEALLOCATE page").update();
              return lines;
            });
    assertThat(plan)
        .anyMatch(line -> line.contains("Subplans Removed: 15"))
        .anyMatch(line -> line.contains("Index Scan Backward using chat_message_p"))
        .anyMatch(
            line ->
                line.contains("Index Cond: ((user_id = $1) AND (persona_id = $2) AND (id < $3))"))
        .noneMatch(line -> line.contains("Seq Scan on chat_message"));
  }
}
