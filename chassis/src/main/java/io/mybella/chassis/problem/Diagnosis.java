package io.mybella.chassis.problem;

import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.charset.CharacterCodingException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/**
 * Whose fault a failure is. Frameworks wrap what happened in exceptions of their own, so the causes
 * are looked at and not the outermost exception alone.
 */
final class Diagnosis {

  /** A chain that is longer is a circle. */
  private static final int DEEPEST = 30;

  private static final Duration SOON = Duration.ofSeconds(2);

  /** What PostgreSQL says of a NUL and of half a surrogate pair. */
  private static final String NO_TEXT = "22021";

  private final Predicate<Throwable> databaseAway;

  /**
   * A diagnosis.
   *
   * @param databaseAway whether a cause says that the database cannot be asked at the moment
   */
  Diagnosis(Predicate<Throwable> databaseAway) {
    this.databaseAway = databaseAway;
  }

  /** Whether the caller has left before the request was read or the answer written. */
  boolean callerGone(Throwable failure) {
    return causes(failure).anyMatch(Diagnosis::meansGone) && !tooSlow(failure);
  }

  /** Whether the database cannot be asked at the moment. */
  boolean databaseAway(Throwable failure) {
    return causes(failure).anyMatch(databaseAway);
  }

  /** What the caller is told; empty for a fault of ours. */
  Optional<Problem> problem(Throwable failure) {
    return causes(failure)
        .map(this::told)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> tooSlow(failure) ? Optional.of(slow()) : Optional.empty());
  }

  private Optional<Problem> told(Throwable cause) {
    return Optional.ofNullable(
        switch (cause) {
          case Problem problem -> problem;
          case InvalidParameterException malformed -> parameters(malformed);
          case RequestRejectedException _ -> Problem.badRequest("The request is not valid");
          case CharacterCodingException _ -> noText();
          case SQLException unstorable when NO_TEXT.equals(unstorable.getSQLState()) -> noText();
          case BadRequestException malformed when !(malformed instanceof ClientAbortException) ->
              Problem.badRequest("The request cannot be read");
          default ->
              databaseAway.test(cause)
                  ? Problem.unavailable(
                      "The database is not answering; try again in a moment", SOON)
                  : null;
        });
  }

  private static Problem parameters(InvalidParameterException malformed) {
    return malformed.getErrorCode() == HttpStatus.CONTENT_TOO_LARGE.value()
        ? Problem.tooLarge("The form is too large")
        : Problem.badRequest("The parameters cannot be read");
  }

  private static Problem noText() {
    return Problem.badRequest("The request contains characters that are not text");
  }

  private static Problem slow() {
    return Problem.requestTimeout("The body of the request took too long to arrive");
  }

  private static boolean meansGone(Throwable cause) {
    return cause instanceof ClientAbortException || cause instanceof AsyncRequestNotUsableException;
  }

  /** The container says of any failed read that the caller left, of one that was too slow, too. */
  private static boolean tooSlow(Throwable failure) {
    List<Throwable> causes = causes(failure).toList();
    return causes.stream().anyMatch(Diagnosis::meansGone)
        && causes.stream().anyMatch(SocketTimeoutException.class::isInstance)
        && causes.stream().noneMatch(EOFException.class::isInstance);
  }

  private static Stream<Throwable> causes(@Nullable Throwable failure) {
    return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, Diagnosis::causeOf)
        .limit(DEEPEST)
        .map(Throwable.class::cast);
  }

  private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
    return failure == null ? null : failure.getCause();
  }
}
