package io.mybella.chassis.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** A database that is away or overloaded is a passing state: 503 with {@code Retry-After}. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseProblemHandler {

  private static final Logger log = LoggerFactory.getLogger(DatabaseProblemHandler.class);

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    CannotCreateTransactionException.class,
    TransactionSystemException.class
  })
  ResponseEntity<ProblemDetail> handle(RuntimeException away, HttpServletRequest request) {
    log.warn("{} {}: the database is away", request.getMethod(), request.getRequestURI(), away);
    return ProblemExceptionHandler.answer(
        HttpStatus.SERVICE_UNAVAILABLE,
        "The database is not answering; try again in a moment",
        List.of(),
        Duration.ofSeconds(2),
        request);
  }
}
