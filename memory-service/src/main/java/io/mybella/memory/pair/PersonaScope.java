package io.mybella.memory.pair;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Binds a transaction to one memory. Row-level security shows and takes only rows of the pair that
 * is set here; a query run outside sees nothing, whatever its predicate says. This is the only code
 * that sets {@code app.user_id}, {@code app.persona_id}, {@code app.erase_persona_id}, {@code
 * app.erase_user_id}, {@code app.forgotten} and {@code app.work}, beside the function {@code
 * take_switches} of the database, and it always sets them for the transaction alone, so that a
 * pooled connection carries nothing over.
 *
 * <p>Binding and work are two statements of one explicit transaction on purpose. Within one
 * statement PostgreSQL promises no order between the binding and the policies that read it; and two
 * statements sent as one text are two transactions whenever the driver decides to part them.
 */
@Component
public class PersonaScope {

  private static final String BIND =
      """
      SELECT set_config('app.user_id', (:user_id)::text, true),
             set_config('app.persona_id', (:persona_id)::text, true)
      """;

  private static final String BIND_FORGOTTEN =
      """
      SELECT set_config('app.user_id', (:user_id)::text, true),
             set_config('app.persona_id', (:persona_id)::text, true),
             set_config('app.forgotten', 'shown', true)
      """;

  private static final String BIND_ERASURE =
      "SELECT set_config('app.erase_persona_id', (:persona_id)::text, true)";

  private static final String BIND_ACCOUNT_ERASURE =
      "SELECT set_config('app.erase_user_id', (:user_id)::text, true)";

  private static final String BIND_WORK = "SELECT set_config('app.work', 'on', true)";

  private static final String RELEASE =
      """
      SELECT set_config('app.user_id', '', true), set_config('app.persona_id', '', true),
             set_config('app.erase_persona_id', '', true), set_config('app.erase_user_id', '', true),
             set_config('app.forgotten', '', true), set_config('app.work', '', true)
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  PersonaScope(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactionManager);
  }

  /**
   * Runs work in a transaction bound to a pair. A transaction that is open already is joined, and
   * is bound to no pair again when the work has ended.
   */
  public <T extends @Nullable Object> T call(PairId pair, Function<PairQueries, T> work) {
    return bound(BIND, pair, work);
  }

  /**
   * Like {@link #call}, but shows what is forgotten and not erased yet, too. Only what erases it
   * may use this.
   */
  public <T extends @Nullable Object> T callErasingPair(
      PairId pair, Function<PairQueries, T> work) {
    return bound(BIND_FORGOTTEN, pair, work);
  }

  private <T extends @Nullable Object> T bound(
      String bind, PairId pair, Function<PairQueries, T> work) {
    return bound(
        bind,
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
   * Runs work in a transaction that may list the pairs of an erased user in {@code persona_memory},
   * and nothing of what hangs on them, and may remove the user's {@code last_switch}. For a user
   * without a tombstone it sees nothing at all.
   */
  public <T extends @Nullable Object> T callErasingAccount(
      long userId, Function<JdbcClient, T> work) {
    return bound(BIND_ACCOUNT_ERASURE, Map.of("user_id", userId), () -> work.apply(jdbc));
  }

  /**
   * Runs work in a transaction that sees the work of everybody in {@code memory_work}, and nothing
   * of any memory.
   */
  public <T extends @Nullable Object> T callWorking(Function<JdbcClient, T> work) {
    return bound(BIND_WORK, Map.of(), () -> work.apply(jdbc));
  }

  /**
   * Runs a function of the database that binds the transaction to one pair after the other. It is
   * bound to none before and afterwards.
   */
  public <T extends @Nullable Object> T callBinding(Function<JdbcClient, T> work) {
    return released(() -> work.apply(jdbc));
  }

  private <T extends @Nullable Object> T bound(
      String bind, Map<String, Long> parameters, Supplier<T> work) {
    return released(
        () -> {
          jdbc.sql(bind).params(parameters).query().listOfRows();
          return work.get();
        });
  }

  private <T extends @Nullable Object> T released(Supplier<T> work) {
    boolean joins = TransactionSynchronizationManager.isActualTransactionActive();
    return transactions.execute(
        _ -> {
          T result = work.get();
          if (joins) {
            // After an exception there is nothing to release: the transaction is rolled back.
            jdbc.sql(RELEASE).query().listOfRows();
          }
          return result;
        });
  }
}
