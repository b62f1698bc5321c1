package io.mybella.memory.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.memory.MemoryServiceTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** No query, bug or guess crosses from one pair to another: the database itself forbids it. */
class IsolationIT extends MemoryServiceTest {

  private static final List<String> TABLES =
      List.of(
          "chat_message",
          "conversation",
          "message_vector",
          "preference",
          "rolling_summary",
          "persona_memory",
          "last_switch");

  /** Something that is learned as well. */
  private static final String SECRET = "Remember that it is a secret";

  @Autowired private PersonaScope scope;
  @Autowired private JdbcClient jdbc;
  @Autowired private PlatformTransactionManager transactionManager;
  @Autowired private Environment environment;

  @ParameterizedTest
  @ValueSource(
      strings = {"chat_message", "conversation", "preference", "rolling_summary", "persona_memory"})
  void withoutAPairNothingIsSeenOnAFreshNorOnAReusedConnection(String table) throws SQLException {
    PairId pair = newPair();
    say(pair, "Remember that this is for nobody else");
    sumUp(pair);
    try (Connection connection = application()) {
      assertThat(count(connection, table)).isZero();
      connection.setAutoCommit(false);
      bind(connection, pair);
      assertThat(count(connection, table)).isOne();
      connection.commit();
      assertThat(setting(connection)).as("a reused connection reads '', not NULL").isEmpty();
      assertThat(count(connection, table)).isZero();
    }
  }

  @Test
  void twoPairsThatTakeTurnsOnOneConnectionNeverSeeEachOther() throws SQLException {
    PairId mine = newPair();
    PairId yours = newPair();
    say(mine, "mine");
    say(yours, "yours");
    try (Connection connection = application()) {
      PersonaScope narrow = scopeOn(connection);
      for (int turn = 0; turn < 50; turn++) {
        PairId pair = turn % 2 == 0 ? mine : yours;
        String expected = turn % 2 == 0 ? "mine" : "yours";
        assertThat(
                narrow.<List<Map<String, Object>>>call(
                    pair, db -> db.sql("SELECT content FROM chat_message").query().listOfRows()))
            .extracting("content")
            .containsExactly(expected);
        assertThat(count(connection, "chat_message")).as("in between").isZero();
      }
    }
  }

  @Test
  void afterAnExceptionMidwayThePairIsGone() throws SQLException {
    PairId pair = newPair();
    say(pair, "secret");
    try (Connection connection = application()) {
      PersonaScope narrow = scopeOn(connection);
      assertThatThrownBy(
              () ->
                  narrow.run(
                      pair,
                      _ -> {
                        throw new IllegalStateException("midway");
                      }))
          .hasMessage("midway");
      assertThat(count(connection, "chat_message")).isZero();
      assertThatThrownBy(
              () -> narrow.run(pair, db -> db.sql("SELECT 1/0 FROM chat_message").update()))
          .hasMessageContaining("division by zero");
      assertThat(count(connection, "chat_message")).isZero();
    }
  }

  @Test
  void afterATimeoutMidwayThePairIsGone() throws SQLException {
    PairId pair = newPair();
    say(pair, "secret");
    try (Connection connection = application()) {
      PersonaScope narrow = scopeOn(connection);
      assertThatExceptionOfType(QueryTimeoutException.class)
          .isThrownBy(
              () ->
                  narrow.run(
                      pair,
                      db -> {
                        db.sql("SET LOCAL statement_timeout = 50").update();
                        db.sql("SELECT pg_sleep(5) FROM chat_message").query().listOfRows();
                      }));
      assertThat(count(connection, "chat_message")).isZero();
      assertThat(setting(connection)).isNullOrEmpty();
    }
  }

  @Test
  void aJoinedTransactionIsBoundToNoPairAfterwards() {
    PairId pair = newPair();
    say(pair, "mine");
    new TransactionTemplate(transactionManager)
        .executeWithoutResult(
            _ -> {
              assertThat(scope.<Long>call(pair, IsolationIT::messagesSeen)).isOne();
              assertThat(jdbc.sql("SELECT count(*) FROM chat_message").query(Long.class).single())
                  .isZero();
            });
  }

  @Test
  void aQueryThatNamesAnotherPairFindsNothingAndChangesNothing() {
    PairId victim = newPair();
    PairId attacker = newPair();
    say(victim, SECRET);
    say(attacker, "mine");
    sumUp(victim);
    scope.run(
        attacker,
        db -> {
          for (String table :
              List.of(
                  "chat_message",
                  "conversation",
                  "preference",
                  "rolling_summary",
                  "persona_memory")) {
            String foreign = " WHERE user_id = " + victim.userId();
            assertThat(db.sql("SELECT * FROM " + table + foreign).query().listOfRows()).isEmpty();
            assertThat(db.sql("DELETE FROM " + table + foreign).update()).isZero();
          }
          for (String change :
              List.of(
                  "chat_message SET content = 'x', edited_at = now()",
                  "preference SET confidence = 0",
                  "persona_memory SET last_message_id = NULL")) {
            assertThat(
                    db.sql("UPDATE %s WHERE user_id = %d".formatted(change, victim.userId()))
                        .update())
                .isZero();
          }
          assertThat(
                  db.sql("UPDATE conversation SET summary = 'x' WHERE user_id = " + victim.userId())
                      .update())
              .isZero();
        });
    assertThat(texts(victim)).containsExactly(SECRET);
    assertThat(rows("rolling_summary", of(victim))).isOne();
    assertThat(rows("preference", of(victim) + " AND confidence > 0")).isOne();
  }

  @Test
  void aForgedInsertIsAPolicyError() {
    PairId victim = newPair();
    PairId attacker = newPair();
    say(victim, "secret");
    say(attacker, "mine");
    String forged =
        """
        INSERT INTO chat_message (user_id, persona_id, id, conversation_id, role, content, created_at)
        VALUES (%d, %d, '%s', '%s', 'user', 'forged', now())
        """
            .formatted(victim.userId(), victim.personaId(), UUID.randomUUID(), UUID.randomUUID());
    assertThatThrownBy(() -> scope.run(attacker, db -> db.sql(forged).update()))
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThatThrownBy(() -> jdbc.sql(forged).update())
        .rootCause()
        .hasMessageContaining("row-level security policy");
    String summary =
        "INSERT INTO rolling_summary VALUES (%d, %d, uuidv7(), 'forged')"
            .formatted(victim.userId(), victim.personaId());
    assertThatThrownBy(() -> scope.run(attacker, db -> db.sql(summary).update()))
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThatThrownBy(
            () ->
                scope.run(
                    attacker,
                    db ->
                        db.sql(
                                """
                                INSERT INTO preference (user_id, persona_id, id, category, key, value,
                                  source, confidence, first_observed, last_confirmed, valid_from)
                                VALUES (%d, %d, uuidv7(), 'c', 'k', 'forged', 'told', 1, now(), now(), now())
                                """
                                    .formatted(victim.userId(), victim.personaId()))
                            .update()))
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThatThrownBy(
            () ->
                scope.run(
                    attacker,
                    db ->
                        db.sql(
                                "INSERT INTO persona_memory VALUES (%d, 1)"
                                    .formatted(victim.userId()))
                            .update()))
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThatThrownBy(
            () ->
                scope.run(
                    attacker,
                    db ->
                        db.sql("INSERT INTO last_switch VALUES (%d, NULL, 9)".formatted(newId()))
                            .update()))
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThat(texts(victim)).containsExactly("secret");
  }

  @Test
  void partitionsCannotBeReachedByTheirOwnNames() throws SQLException {
    PairId pair = newPair();
    say(pair, "secret");
    try (Connection connection = application()) {
      connection.setAutoCommit(false);
      bind(connection, pair);
      connection.commit();
      connection.setAutoCommit(true);
      for (String partition : partitions()) {
        for (String use :
            List.of("SELECT count(*) FROM %s", "DELETE FROM %s", "UPDATE %s SET content = 'x'")) {
          assertThatThrownBy(
                  () -> {
                    try (var statement = connection.createStatement()) {
                      statement.execute(use.formatted(partition));
                    }
                  })
              .hasMessageContaining("permission denied");
        }
      }
    }
  }

  @Test
  void theErasureViewShowsNoLivingPersona() {
    PairId pair = newPair();
    say(pair, "alive");
    assertThat(
            scope.<List<Map<String, Object>>>callErasing(
                pair.personaId(),
                db -> db.sql("SELECT user_id FROM persona_memory").query().listOfRows()))
        .isEmpty();
  }

  @Test
  void tombstonesCannotBeTakenBackAndOfMessagesOnlyTheTextCanBeChanged() {
    assertThatThrownBy(() -> jdbc.sql("DELETE FROM persona_tombstone").update())
        .rootCause()
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> jdbc.sql("UPDATE persona_tombstone SET persona_id = 1").update())
        .rootCause()
        .hasMessageContaining("permission denied");
    for (String other : List.of("role = 'system'", "created_at = now()", "in_reply_to = NULL")) {
      assertThatThrownBy(() -> jdbc.sql("UPDATE chat_message SET " + other).update())
          .rootCause()
          .hasMessageContaining("permission denied");
    }
    assertThat(jdbc.sql("UPDATE chat_message SET content = 'x'").update())
        .as("of no pair")
        .isZero();
  }

  @Test
  void theApplicationRoleCanDoOnlyRowsNotSchema() {
    for (String table : TABLES) {
      assertThatThrownBy(
              () -> jdbc.sql("ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY").update())
          .rootCause()
          .hasMessageContaining("must be owner");
      assertThatThrownBy(() -> jdbc.sql("TRUNCATE " + table).update())
          .rootCause()
          .hasMessageContaining("permission denied");
    }
  }

  /** Gives a pair the summary that it will have when its conversation has ended. */
  private void sumUp(PairId pair) {
    scope.run(
        pair,
        db ->
            db.sql(
                    """
                    INSERT INTO rolling_summary (user_id, persona_id, id, content)
                    VALUES (:user_id, :persona_id, uuidv7(), 'secret')
                    """)
                .update());
  }

  private static long messagesSeen(PairQueries db) {
    return db.sql("SELECT count(*) FROM chat_message").query(Long.class).single();
  }

  private static List<String> partitions() {
    return IntStream.range(0, 16).mapToObj("chat_message_p%02d"::formatted).toList();
  }

  /** A scope whose pool is one connection. */
  private static PersonaScope scopeOn(Connection connection) {
    var pool = new SingleConnectionDataSource(connection, true);
    return new PersonaScope(JdbcClient.create(pool), new DataSourceTransactionManager(pool));
  }

  /** A connection of the application role, past the service's code. */
  private Connection application() throws SQLException {
    return DriverManager.getConnection(
        environment.getRequiredProperty("spring.datasource.url"),
        environment.getRequiredProperty("spring.datasource.username"),
        environment.getRequiredProperty("spring.datasource.password"));
  }

  private static void bind(Connection connection, PairId pair) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "SELECT set_config('app.user_id', '%d', true), set_config('app.persona_id', '%d', true)"
              .formatted(pair.userId(), pair.personaId()));
    }
  }

  private static String setting(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT current_setting('app.user_id', true)")) {
      result.next();
      return result.getString(1);
    }
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT count(*) FROM " + table)) {
      result.next();
      return result.getLong(1);
    }
  }
}
