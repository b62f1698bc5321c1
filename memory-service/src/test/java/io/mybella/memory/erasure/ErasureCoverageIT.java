package io.mybella.memory.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A table that names a persona or a user cannot be added without protection and erasure. What its
 * policies do is for {@code RowSecurityIT} to try.
 */
class ErasureCoverageIT extends MemoryServiceTest {

  /** They name personas, but hold nothing that belongs to a user's memory. */
  private static final Set<String> OF_NO_PAIR = Set.of("known_persona", "persona_tombstone");

  /** It names the last persona of a user; the foreign key empties that name. */
  private static final Set<String> POINTING_AT_A_PAIR = Set.of("last_switch");

  /** Its rows name a pair and hold nothing; the foreign key removes them with it. */
  private static final Set<String> FALLING_WITH_THE_PAIR = Set.of("memory_work");

  /** They name the users that are gone, and nothing else. */
  private static final Set<String> MARKS_OF_ACCOUNTS = Set.of("account_tombstone");

  @Autowired private List<ErasableTable> erased;

  @Test
  void everyTableOfAPairIsProtectedAndErased() {
    assertThat(this.<List<String>>asSuperuser(this::faults)).isEmpty();
  }

  @Test
  void theBatchesOfEveryTableGoThroughItsPrimaryKey() {
    for (ErasableTable table : erased) {
      assertThat(
              this.<List<String>>asSuperuser(
                  db ->
                      db.sql(
                              """
                              SELECT attname FROM pg_index, unnest(indkey::int[]) WITH ORDINALITY AS part (at, nth)
                                JOIN pg_attribute ON attnum = at
                              WHERE indrelid = :table::regclass AND indisprimary
                                AND attrelid = indrelid
                              ORDER BY nth
                              """)
                          .param("table", table.name())
                          .query(String.class)
                          .list()))
          .as(table.name())
          .containsExactly("user_id", "persona_id", table.key());
    }
  }

  /** So that the tables can be spread by user over several machines, see docs/scaling.md. */
  @Test
  void whatIsUniqueInATableOfPairsIsSoForEachUser() {
    assertThat(
            this.<List<String>>asSuperuser(
                db ->
                    db.sql(
                            """
                            SELECT indexrelid::regclass::text FROM pg_index
                              JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                            WHERE indisunique AND attname <> 'user_id' AND indrelid IN (
                              SELECT attrelid FROM pg_attribute
                              JOIN pg_class ON pg_class.oid = attrelid AND relkind IN ('r', 'p')
                              WHERE attname = 'persona_id' AND relnamespace = 'public'::regnamespace)
                            ORDER BY 1
                            """)
                        .query(String.class)
                        .list()))
        // All machines need all personas; the work is split by whether it names a user.
        .containsExactly("known_persona_pkey", "memory_work_pkey", "persona_tombstone_pkey");
  }

  @Test
  void everyTableThatNamesAUserIsErasedWithTheAccount() {
    assertThat(this.<List<String>>asSuperuser(this::notErasedWithTheAccount)).isEmpty();
  }

  @Test
  void aTableOfAUserThatWasForgottenIsFound() {
    List<String> found =
        asSuperuser(
            db -> {
              db.sql("CREATE TABLE forgotten (user_id bigint)").update();
              db.sql("CREATE VIEW shown AS SELECT user_id AS owner_user_id FROM forgotten")
                  .update();
              try {
                return notErasedWithTheAccount(db);
              } finally {
                db.sql("DROP TABLE forgotten CASCADE").update();
              }
            });
    assertThat(found).containsExactlyInAnyOrder("forgotten", "shown");
  }

  @Test
  void aTableThatWasForgottenIsFound() {
    List<String> found =
        asSuperuser(
            db -> {
              db.sql("CREATE TABLE forgotten (user_id bigint, persona_id bigint)").update();
              db.sql(
                      """
                      CREATE TABLE shown (user_id bigint, persona_id bigint,
                        FOREIGN KEY (user_id, persona_id) REFERENCES persona_memory)
                      """)
                  .update();
              db.sql("ALTER TABLE shown ENABLE ROW LEVEL SECURITY").update();
              try {
                return faults(db);
              } finally {
                db.sql("DROP TABLE forgotten, shown").update();
              }
            });
    assertThat(found)
        .contains(
            "forgotten: row-level security is not forced",
            "forgotten: no policy",
            "forgotten: the erasure does not know it",
            "forgotten: does not hang on persona_memory",
            "shown: row-level security is not forced",
            "shown: no policy",
            "shown: the erasure does not know it");
  }

  private record Table(
      String name, boolean partition, boolean forced, long policies, boolean hangs, boolean open) {}

  /** The tables that name a user, but neither the erasure of pairs nor that of accounts erases. */
  private List<String> notErasedWithTheAccount(JdbcClient db) {
    List<String> tables =
        new ArrayList<>(
            db.sql(
                    """
                    SELECT DISTINCT relname
                    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
                      AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
                      AND a.attname LIKE '%user_id' AND NOT a.attisdropped
                    """)
                .query(String.class)
                .list());
    assertThat(tables).containsAll(ofPairs()).containsAll(AccountErasure.TABLES);
    tables.removeAll(ofPairs());
    tables.removeAll(AccountErasure.TABLES);
    tables.removeAll(MARKS_OF_ACCOUNTS);
    return tables;
  }

  /** What goes with a pair. */
  private Set<String> ofPairs() {
    return Stream.of(
            erased.stream().map(ErasableTable::name),
            FALLING_WITH_THE_PAIR.stream(),
            Stream.of(PairEraser.PARENT))
        .flatMap(each -> each)
        .collect(Collectors.toSet());
  }

  private List<String> faults(JdbcClient db) {
    List<Table> tables =
        db.sql(
                """
                SELECT relname AS name, relispartition AS partition,
                  relrowsecurity AND relforcerowsecurity AS forced,
                  (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) AS policies,
                  relname = 'persona_memory' OR EXISTS (
                    SELECT FROM pg_constraint
                    WHERE conrelid = c.oid AND contype = 'f'
                      AND confrelid = 'persona_memory'::regclass) AS hangs,
                  has_table_privilege('memory_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE') AS open
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
                  AND a.attname = 'persona_id' AND NOT a.attisdropped
                """)
            .query(Table.class)
            .list();
    assertThat(tables).extracting(Table::name).containsAll(ofPairs());
    Set<String> faults = new TreeSet<>();
    for (Table table : tables) {
      if (OF_NO_PAIR.contains(table.name())) {
        continue;
      }
      if (!table.forced()) {
        faults.add(table.name() + ": row-level security is not forced");
      }
      if (table.policies() == 0) {
        faults.add(table.name() + ": no policy");
      }
      if (!table.hangs()) {
        faults.add(table.name() + ": does not hang on persona_memory");
      }
      if (table.partition() && table.open()) {
        faults.add(table.name() + ": the application role reaches the partition itself");
      }
      if (!table.partition()
          && !ofPairs().contains(table.name())
          && !POINTING_AT_A_PAIR.contains(table.name())) {
        faults.add(table.name() + ": the erasure does not know it");
      }
    }
    return List.copyOf(faults);
  }
}
