package io.mybella.chassis.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers what fails outside of controllers, in filters and in what they ask, as controllers do.
 * Lies within the measurement of requests, which therefore sees the answer and not the exception.
 */
final class ProblemFilter extends OncePerRequestFilter {

  private static final Logger log = LoggerFactory.getLogger(ProblemFilter.class);

  private final Diagnosis diagnosis;
  private final ProblemWriter problems;

  ProblemFilter(Diagnosis diagnosis, ProblemWriter problems) {
    this.diagnosis = diagnosis;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      Optional<Problem> malformed = RequestSyntax.complaint(request);
      if (malformed.isPresent()) {
        problems.write(request, response, malformed.get());
      } else {
        chain.doFilter(request, response);
      }
    } catch (ServletException | IOException | RuntimeException failure) {
      Optional<Problem> problem = diagnosis.problem(failure);
      if (problem.isPresent() && !response.isCommitted()) {
        log(request, failure);
        response.resetBuffer();
        problems.write(request, response, problem.get());
      } else if (diagnosis.callerGone(failure)) {
        log.debug("{} {}: the caller left", request.getMethod(), request.getRequestURI(), failure);
      } else {
        throw failure;
      }
    }
  }

  private void log(HttpServletRequest request, Throwable failure) {
    if (diagnosis.databaseAway(failure)) {
      log.warn(
          "{} {}: the database is away: {}",
          request.getMethod(),
          request.getRequestURI(),
          failure.toString());
    }
    log.debug("{} {} is refused", request.getMethod(), request.getRequestURI(), failure);
  }
}
