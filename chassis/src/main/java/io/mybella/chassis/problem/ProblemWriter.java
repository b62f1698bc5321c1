package io.mybella.chassis.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
    var body = ProblemBody.of(status, detail, List.of());
    body.setInstance(ProblemExceptionHandler.instanceOf(request));
    response.setStatus(status.value());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    json.writeValue(response.getOutputStream(), body);
  }
}
