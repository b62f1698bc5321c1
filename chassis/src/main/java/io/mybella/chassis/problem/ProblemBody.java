package io.mybella.chassis.problem;

import io.mybella.chassis.problem.Problem.FieldError;
import io.mybella.chassis.request.RequestId;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Builds the one shape every error has: RFC 9457 members plus error, request_id and errors. */
final class ProblemBody {

  private ProblemBody() {}

  static ProblemDetail of(HttpStatusCode status, String detail, List<FieldError> errors) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
    HttpStatus known = HttpStatus.resolve(status.value());
    String title = known == null ? "Error" : known.getReasonPhrase();
    body.setTitle(title);
    body.setType(
        URI.create("urn:mybella:problem:" + title.toLowerCase(Locale.ROOT).replace(' ', '-')));
    body.setProperty("error", detail);
    RequestId.current().ifPresent(id -> body.setProperty(RequestId.FIELD, id));
    if (!errors.isEmpty()) {
      body.setProperty("errors", errors);
    }
    return body;
  }
}
