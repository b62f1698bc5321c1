package io.mybella.memory.pair;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the policies do, whatever they say: as the application's role, in every table of the catalog
 * that names a user or a persona. A table that joins is tried as well, with rows that are made up.
 * Partitions are nobody's to ask for by name: see {@link IsolationIT}.
 */
class RowSecurityIT extends MemoryServiceTest {

  /** They name personas or users, but hold nothing that belongs to a user's memory. */
  private static final Set<String> OF_NO_PAIR =
      Set.of("account_tombstone", "known_persona", "persona_tombstone");

  /** Has one row of each user, whatever the persona of the pair is. */
  private static final Set<String> OF_A_USER = Set.of("last_switch");

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** The class of violated constraints. */
  private static final String INTEGRITY = "23";

  private static final String USER =
      "user_id = NULLIF(current_setting('app.user_id', true), '')::bigint";
  private static final String PERSONA =
      "persona_id = NULLIF(current_setting('app.persona_id', true), '')::bigint";
  private static final String PAIR = USER + " AND " + PERSONA;

  @Autowired private PersonaScope scope;
  @Autowired private JdbcClient jdbc;
  @Autowired private PlatformTransactionManager transactionManager;
  @Autowired private Environment environment;

  /** Tries to reach what the others have. */
  private PairId mine;

  /** The same user with another persona, and another user with either of them. */
  private List<PairId> others;

  @BeforeEach
  void letThemTalk() {
    long me = newId();
    long you = newId();
    long first = systemPersona();
    long second = systemPersona();
    mine = new PairId(me, first);
    others = List.of(new PairId(me, second), new PairId(you, first), new PairId(you, second));
    Stream.concat(Stream.of(mine), others.stream())
        .forEach(pair -> say(pair, "Remember that this is for us two"));
    switchTo(mine, 1);
    switchTo(others.getLast(), 1);
  }

  @Test
  void noTableShowsOrTakesWhatBelongsToAnotherPair() {
    Map<String, List<String>> leaks = new LinkedHashMap<>();
    for (String table : tables()) {
      List<String> found = leaks(table);
      if (!found.isEmpty()) {
        leaks.put(table, found);
      }
    }
    assertThat(leaks).isEmpty();
  }

  @Test
  void theTablesOfTheMemoryAreAmongThoseThatAreTried() {
    assertThat(tables())
        .contains(
            "persona_memory",
            "conversation",
            "chat_message",
            "message_vector",
            "preference",
            "rolling_summary",
            "last_switch")
        .doesNotContainAnyElementsOf(OF_NO_PAIR);
  }

  static Stream<Arguments> policies() {
    return Stream.of(
        Arguments.of("USING (%s)".formatted(PAIR), List.of()),
        Arguments.of("USING (%s) WITH CHECK (%s)".formatted(PAIR, PAIR), List.of()),
        Arguments.of(
            "USING (true)",
            List.of(
                "shows rows without a pair",
                "shows rows of another pair",
                "takes a row without a pair",
                "takes a row of another pair",
                "lets a row be given to another pair",
                "lets rows of another pair be changed",
                "lets rows of another pair be removed")),
        Arguments.of(
            "USING (%s)".formatted(USER),
            List.of(
                "shows rows of another pair",
                "takes a row of another pair",
                "lets a row be given to another pair",
                "lets rows of another pair be changed",
                "lets rows of another pair be removed")),
        Arguments.of(
            "USING (%s)".formatted(PERSONA),
            List.of(
                "shows rows of another pair",
                "takes a row of another pair",
                "lets a row be given to another pair",
                "lets rows of another pair be changed",
                "lets rows of another pair be removed")),
        // A row that is changed must still be seen by whoever reads it for the change.
        Arguments.of(
            "USING (%s) WITH CHECK (true)".formatted(PAIR),
            List.of("takes a row without a pair", "takes a row of another pair")),
        Arguments.of("USING (false)", List.of("does not show the pair its own rows")));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPolicyIsJudgedByWhatItDoes(String policy, List<String> expected) {
    withTable(
        """
        ALTER TABLE newcomer ENABLE ROW LEVEL SECURITY;
        ALTER TABLE newcomer FORCE ROW LEVEL SECURITY;
        CREATE POLICY pair ON newcomer %s
        """
            .formatted(policy),
        () -> assertThat(leaks("newcomer")).containsExactlyElementsOf(expected));
  }

  @Test
  void aTableWithoutRowSecurityIsFound() {
    withTable(
        "CREATE POLICY pair ON newcomer USING (%s)".formatted(PAIR),
        () ->
            assertThat(leaks("newcomer"))
                .contains("row security is not enabled and forced", "shows rows without a pair"));
  }

  /** A table of pairs that the application may do everything with, for as long as the test runs. */
  private void withTable(String protection, Runnable test) {
    sql(
        """
        CREATE TABLE newcomer (
          user_id bigint NOT NULL, persona_id bigint NOT NULL, id uuid NOT NULL,
          words text NOT NULL, since timestamptz NOT NULL, mood text,
          PRIMARY KEY (user_id, persona_id, id));
        GRANT SELECT, INSERT, UPDATE, DELETE ON newcomer TO %s
        """
            .formatted(applicationRole()));
    try {
      sql(protection);
      assertThat(tables()).contains("newcomer");
      test.run();
    } finally {
      sql("DROP TABLE newcomer");
    }
  }

  private List<String> tables() {
    return this.<List<String>>asSuperuser(
        db ->
            db
                .sql(
                    """
                    SELECT relname FROM pg_class c
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                      AND NOT relispartition AND EXISTS (
                        SELECT FROM pg_attribute WHERE attrelid = c.oid AND NOT attisdropped
                          AND (attname LIKE '%user_id' OR attname LIKE '%persona_id'))
                    ORDER BY relname
                    """)
                .query(String.class)
                .list()
                .stream()
                .filter(table -> !OF_NO_PAIR.contains(table))
                .toList());
  }

  private List<String> leaks(String table) {
    List<String> leaks = new ArrayList<>();
    if (!isForced(table)) {
      leaks.add("row security is not enabled and forced");
    }
    List<PairId> strangers =
        others.stream()
            .filter(each -> !OF_A_USER.contains(table) || each.userId() != mine.userId())
            .toList();
    String own = rowOf(table, mine);
    Map<PairId, String> foreign =
        strangers.stream().collect(Collectors.toMap(each -> each, each -> rowOf(table, each)));

    check(leaks, "shows rows without a pair", isMore(unbound(count(table)), 0));
    OptionalLong seen = bound(count(table));
    OptionalLong seenOfOwn = bound(count(table + " WHERE " + condition(table, mine)));
    check(leaks, "shows rows of another pair", !seen.equals(seenOfOwn));
    check(leaks, "does not show the pair its own rows", !isMore(seenOfOwn, 0));
    check(leaks, "takes a row without a pair", unbound(insert(table, own)).isPresent());
    check(
        leaks,
        "takes a row of another pair",
        foreign.values().stream().anyMatch(row -> bound(insert(table, row)).isPresent()));
    check(
        leaks,
        "lets a row be given to another pair",
        strangers.stream().anyMatch(each -> isMore(bound(gift(table, each)), 0)));
    long ownRows = rows(table, condition(table, mine));
    check(
        leaks,
        "lets rows of another pair be changed",
        changeable(table).stream()
            .anyMatch(column -> isMore(bound(update(table, column)), ownRows)));
    check(
        leaks,
        "lets rows of another pair be removed",
        isMore(bound(new Attempt("DELETE FROM " + table, "")), ownRows));
    return leaks;
  }

  private static void check(List<String> leaks, String leak, boolean found) {
    if (found) {
      leaks.add(leak);
    }
  }

  private static boolean isMore(OptionalLong rows, long than) {
    return rows.isPresent() && rows.getAsLong() > than;
  }

  /**
   * A statement that is tried.
   *
   * @param row the parameter of that name
   */
  private record Attempt(String sql, String row) {

    long on(StatementSpec statement) {
      StatementSpec ready = statement.param("row", row);
      return sql.startsWith("SELECT") ? ready.query(Long.class).single() : ready.update();
    }
  }

  private static Attempt count(String table) {
    return new Attempt("SELECT count(*) FROM " + table, "");
  }

  private Attempt insert(String table, String row) {
    String columns = String.join(", ", columns(table, "INSERT"));
    return new Attempt(
        "INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, CAST(:row AS jsonb))"
            .formatted(table, columns),
        row);
  }

  private Attempt gift(String table, PairId to) {
    String values = condition(table, to).replace(" AND ", ", ");
    return new Attempt(
        "UPDATE %s SET %s WHERE %s".formatted(table, values, condition(table, mine)), "");
  }

  private static Attempt update(String table, String column) {
    return new Attempt("UPDATE %s SET %s = %s".formatted(table, column, column), "");
  }

  /** The rows that it is about; empty when the database refuses it. */
  private OptionalLong bound(Attempt attempt) {
    return tried(() -> scope.<Long>call(mine, db -> attempt.on(db.sql(attempt.sql()))));
  }

  private OptionalLong unbound(Attempt attempt) {
    return tried(() -> attempt.on(jdbc.sql(attempt.sql())));
  }

  /** Nothing of what is tried stays. */
  private OptionalLong tried(Supplier<Long> attempt) {
    try {
      return OptionalLong.of(
          new TransactionTemplate(transactionManager)
              .<Long>execute(
                  status -> {
                    status.setRollbackOnly();
                    return attempt.get();
                  }));
    } catch (DataAccessException failed) {
      String state = ((SQLException) failed.getMostSpecificCause()).getSQLState();
      if (state.equals(INSUFFICIENT_PRIVILEGE)) {
        return OptionalLong.empty();
      }
      if (state.startsWith(INTEGRITY)) {
        // The policy has let it through: constraints are looked at after it.
        return OptionalLong.of(1);
      }
      throw failed;
    }
  }

  /** The columns that the application may change. */
  private List<String> changeable(String table) {
    return columns(table, "UPDATE");
  }

  /** The columns that the application may write in such a way; what follows from others is not. */
  private List<String> columns(String table, String privilege) {
    return asSuperuser(
        db ->
            db.sql(
                    """
                    SELECT attname FROM pg_attribute
                    WHERE attrelid = :table::regclass AND attnum > 0 AND NOT attisdropped
                      AND attgenerated = ''
                      AND has_column_privilege(:role, attrelid, attnum, :privilege)
                    """)
                .param("table", table)
                .param("role", applicationRole())
                .param("privilege", privilege)
                .query(String.class)
                .list());
  }

  private boolean isForced(String table) {
    return asSuperuser(
        db ->
            db.sql(
                    """
                    SELECT relrowsecurity AND relforcerowsecurity FROM pg_class
                    WHERE oid = :table::regclass
                    """)
                .param("table", table)
                .query(Boolean.class)
                .single());
  }

  /** A row of the pair as JSON; made up in a table where the service has put none. */
  private String rowOf(String table, PairId pair) {
    String find =
        "SELECT to_jsonb(t)::text FROM %s t WHERE %s LIMIT 1"
            .formatted(table, condition(table, pair));
    return asSuperuser(
        db -> {
          if (db.sql(find).query(String.class).optional().isEmpty()) {
            db.sql(madeUp(db, table, pair)).update();
          }
          return db.sql(find).query(String.class).single();
        });
  }

  private static String madeUp(JdbcClient db, String table, PairId pair) {
    Map<String, String> values = new LinkedHashMap<>();
    db.sql(
            """
            SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute
            WHERE attrelid = :table::regclass AND attnum > 0 AND NOT attisdropped
              AND attnotnull AND NOT atthasdef AND attidentity = ''
            """)
        .param("table", table)
        .query(
            (column, _) ->
                values.put(column.getString("attname"), anyOf(table, column.getString("type"))))
        .list();
    values.put("user_id", Long.toString(pair.userId()));
    values.put("persona_id", Long.toString(pair.personaId()));
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(table, String.join(", ", values.keySet()), String.join(", ", values.values()));
  }

  private static String anyOf(String table, String type) {
    return switch (type) {
      case "bigint", "integer", "smallint", "numeric", "double precision" -> "1";
      case "boolean" -> "true";
      case "uuid" -> "gen_random_uuid()";
      case "timestamp with time zone", "date" -> "now()";
      case "text", "character varying" -> "'x'";
      case "jsonb" -> "'{}'";
      case "bytea" -> "'\\x01'";
      default ->
          throw new AssertionError(
              "No %s can be made up: have letThemTalk() put rows in %s".formatted(type, table));
    };
  }

  /** What names the rows of a pair, or of its user where that is all they belong to. */
  private static String condition(String table, PairId pair) {
    return OF_A_USER.contains(table) ? "user_id = " + pair.userId() : of(pair);
  }

  private String applicationRole() {
    return environment.getRequiredProperty("spring.datasource.username");
  }

  private void sql(String statements) {
    asSuperuser(db -> db.sql(statements).update());
  }
}
