package io.mybella.chassis.problem;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * A database that is away, overloaded or over its time limits is a passing state, however the
 * failure is wrapped and wherever it happens: on connecting, within a statement, on committing.
 */
public final class DatabaseAway implements Predicate<Throwable> {

  /**
   * Classes of SQLSTATE: connection exceptions, conflicts of transactions, insufficient resources,
   * interventions of the operator, among them a shutdown and a cancelled statement.
   */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57");

  /** A lock that was waited for too long; a session that was idle in a transaction for too long. */
  private static final Set<String> PASSING_STATES = Set.of("55P03", "25P03");

  /** Of the class of connections, but said of a message that we made wrong. */
  private static final String PROTOCOL_VIOLATION = "08P01";

  /** The pool says nothing else of a connection that broke earlier in the same transaction. */
  private static final String CLOSED = "Connection is closed";

  /** Whether this failure says so; its causes are failures of their own. */
  @Override
  public boolean test(Throwable cause) {
    return switch (cause) {
      case DataAccessResourceFailureException _,
          TransientDataAccessException _,
          CannotCreateTransactionException _,
          TransactionSystemException _,
          SQLTransientException _,
          SQLRecoverableException _,
          SQLNonTransientConnectionException _ ->
          true;
      case SQLException failure ->
          isPassing(failure.getSQLState()) || CLOSED.equals(failure.getMessage());
      default -> false;
    };
  }

  private static boolean isPassing(@Nullable String state) {
    return state != null
        && state.length() == 5
        && !state.equals(PROTOCOL_VIOLATION)
        && (PASSING_CLASSES.contains(state.substring(0, 2)) || PASSING_STATES.contains(state));
  }
}
