package io.mybella.memory.pair;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Binds a transaction to one memory. Row-level security shows and takes only rows of the pair that
 * is set here; a query run outside sees nothing, whatever its predicate says. This is the only code
 * that sets {@code app.user_id}, {@code app.persona_id} and {@code app.erase_persona_id}, and it
 * always sets them for the transaction alone, so that a pooled connection carries nothing over.
 */
@Component
public class PersonaScope {

  private static final String BIND =
      """
      SELECT set_config('app.user_id', (:user_id)::text, true),
             set_config('app.persona_id', (:persona_id)::text, true)
      """;

  private static final String BIND_ERASURE =
      "SELECT set_config('app.erase_persona_id', (:persona_id)::text, true)";

  private static final String RELEASE =
      """
      SELECT set_config('app.user_id', '', true), set_config('app.persona_id', '', true),
             set_config('app.erase_persona_id', '', true)
      """;

  private final JdbcClient jdbc;
  private final NamedParameterJdbcTemplate statements;
  private final TransactionTemplate transactions;

  PersonaScope(
      JdbcClient jdbc,
      NamedParameterJdbcTemplate statements,
      PlatformTransactionManager transactionManager) {
    this.jdbc = jdbc;
    this.statements = statements;
    this.transactions = new TransactionTemplate(transactionManager);
  }

  /**
   * Runs work in a transaction bound to a pair. A transaction that is open already is joined, and
   * is bound to no pair again when the work has ended.
   */
  public <T extends @Nullable Object> T call(PairId pair, Function<PairQueries, T> work) {
    return bound(
        BIND,
        Map.of("user_id", pair.userId(), "persona_id", pair.personaId()),
        () -> work.apply(new PairQueries(jdbc, pair)));
  }

  /** Like {@link #call}, for work that has no result. */
  public void run(PairId pair, Consumer<PairQueries> work) {
    call(
        pair,
        queries -> {
          work.accept(queries);
          return true;
        });
  }

  /**
   * Runs work in a transaction that may list the pairs of an erased persona in {@code
   * persona_memory}, and nothing of what hangs on them. For a persona without a tombstone it sees
   * nothing at all.
   */
  public <T extends @Nullable Object> T callErasing(long personaId, Function<JdbcClient, T> work) {
    return bound(BIND_ERASURE, Map.of("persona_id", personaId), () -> work.apply(jdbc));
  }

  /**
   * Runs one statement bound to a pair, in a single round trip: binding and statement are sent
   * together, and the server takes what comes before one Sync message as one transaction
   * (PostgreSQL documentation, "Pipelining"). Were they ever sent apart, the binding would be gone
   * before the statement, which then sees no row: it fails closed.
   *
   * @param parameters by name; {@code user_id} and {@code persona_id} are added from the pair
   * @throws IllegalStateException inside a transaction, which {@link #call} is for
   */
  public <T extends @Nullable Object> T statement(
      PairId pair, String sql, Map<String, ?> parameters, ResultSetExtractor<T> rows) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("A single statement is its own transaction");
    }
    var all =
        new MapSqlParameterSource(parameters)
            .addValue("user_id", pair.userId())
            .addValue("persona_id", pair.personaId());
    return statements.execute(BIND + ";" + sql, all, statement -> secondResult(statement, rows));
  }

  private static <T extends @Nullable Object> T secondResult(
      PreparedStatement statement, ResultSetExtractor<T> rows) throws SQLException {
    statement.execute();
    statement.getMoreResults();
    try (ResultSet result = statement.getResultSet()) {
      return rows.extractData(result);
    }
  }

  private <T extends @Nullable Object> T bound(
      String bind, Map<String, Long> parameters, Supplier<T> work) {
    boolean joins = TransactionSynchronizationManager.isActualTransactionActive();
    return transactions.execute(
        _ -> {
          jdbc.sql(bind).params(parameters).query().listOfRows();
          T result = work.get();
          if (joins) {
            // After an exception there is nothing to release: the transaction is rolled back.
            jdbc.sql(RELEASE).query().listOfRows();
          }
          return result;
        });
  }
}
