package io.mybella.gateway.door.security.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Answers in the platform's own words what Tomcat refuses before any filter sees it, such as a
 * request line it cannot read. Public and without arguments because Tomcat creates it by name.
 */
public final class ProblemReportValve extends ErrorReportValve {

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    int code = response.getStatus();
    if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    HttpStatus status = HttpStatus.resolve(code);
    String title = status == null ? "Error" : status.getReasonPhrase();
    String id = response.getHeader("X-Request-Id");
    if (id == null) {
      id = UUID.randomUUID().toString();
      response.setHeader("X-Request-Id", id);
    }
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    response.setContentType("application/problem+json");
    // Nothing of the request is repeated, so nothing needs escaping.
    String body =
        """
        {"type":"about:blank","title":"%1$s","status":%2$d,"detail":"%1$s","error":"%1$s","request_id":"%3$s"}
        """
            .formatted(title, code, id);
    try {
      response.getOutputStream().write(body.strip().getBytes(UTF_8));
      response.finishResponse();
    } catch (IOException gone) {
      // The caller has left; there is nobody to tell.
      container.getLogger().debug("An error could not be reported", gone);
    }
  }
}
