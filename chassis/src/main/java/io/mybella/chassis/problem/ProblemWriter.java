package io.mybella.chassis.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem details where no controller is involved, such as in filters. */
public final class ProblemWriter {

  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  /**
   * Answers with problem details and the given status.
   *
   * @param request the refused request
   * @param response not yet committed
   * @param status of the answer
   * @param detail the message for the caller
   * @throws IOException when the caller has gone
   */
  public void write(
      HttpServletRequest request, HttpServletResponse response, HttpStatus status, String detail)
      throws IOException {
    write(request, response, ProblemBody.of(status, detail, List.of()));
  }

  /**
   * Answers with a problem, and with {@code Retry-After} where it says when.
   *
   * @param request the refused request
   * @param response not yet committed
   * @throws IOException when the caller has gone
   */
  public void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    Duration retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      response.setHeader(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
    }
    write(request, response, ProblemBody.of(problem.status(), problem.detail(), problem.errors()));
  }

  private void write(HttpServletRequest request, HttpServletResponse response, ProblemDetail body)
      throws IOException {
    body.setInstance(ProblemExceptionHandler.instanceOf(request));
    response.setStatus(body.getStatus());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    json.writeValue(response.getOutputStream(), body);
  }
}
