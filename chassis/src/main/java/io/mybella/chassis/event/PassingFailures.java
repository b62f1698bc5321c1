package io.mybella.chassis.event;

import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.mybella.chassis.blob.BlobStoreException;
import io.mybella.chassis.problem.DatabaseAway;
import io.mybella.chassis.problem.Problem;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.web.client.HttpStatusCodeException;

/**
 * Tells a failure of what an event needs (the database, a service, a file) from a failure of the
 * event itself. The first passes, however long it takes; the second stays.
 */
final class PassingFailures {

  /** What is thrown when something is away, busy or locked, whatever it was asked. */
  private static final List<Class<? extends Throwable>> TYPES =
      List.of(
          RecoverableDataAccessException.class,
          TransactionTimedOutException.class,
          RetriableException.class,
          CallNotPermittedException.class,
          BulkheadFullException.class,
          BlobStoreException.class,
          IOException.class,
          TimeoutException.class,
          // The service ends: the next one handles the event.
          InterruptedException.class);

  private static final DatabaseAway DATABASE_AWAY = new DatabaseAway();

  /** Of SQLSTATE (PostgreSQL, appendix A): the system around the server. */
  private static final String SYSTEM_ERROR = "58";

  /** A database that takes no connections; a standby. */
  private static final Set<String> SQL_STATES = Set.of("55000", "25006");

  private PassingFailures() {}

  /** Whether the same event may be handled once something else is there again. */
  static boolean isPassing(@Nullable Throwable failure) {
    for (Throwable each = failure; each != null; each = cause(each)) {
      if (passes(each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean passes(Throwable failure) {
    return switch (failure) {
      case SQLException database when passes(database.getSQLState()) -> true;
      case Problem problem -> passes(problem.status());
      case HttpStatusCodeException answer ->
          passes(HttpStatus.resolve(answer.getStatusCode().value()));
      default ->
          DATABASE_AWAY.test(failure) || TYPES.stream().anyMatch(type -> type.isInstance(failure));
    };
  }

  private static boolean passes(@Nullable String sqlState) {
    return sqlState != null && (SQL_STATES.contains(sqlState) || sqlState.startsWith(SYSTEM_ERROR));
  }

  /** A service that is away, busy, or behind something that cannot reach it. */
  private static boolean passes(@Nullable HttpStatus status) {
    return status == HttpStatus.TOO_MANY_REQUESTS
        || status == HttpStatus.BAD_GATEWAY
        || status == HttpStatus.SERVICE_UNAVAILABLE
        || status == HttpStatus.GATEWAY_TIMEOUT;
  }

  private static @Nullable Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure.equals(cause) ? null : cause;
  }
}
