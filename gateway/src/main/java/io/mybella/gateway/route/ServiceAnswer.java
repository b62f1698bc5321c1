package io.mybella.gateway.route;

import io.mybella.chassis.request.RequestId;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.coyote.CloseNowException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A service's answer on its way to the caller: status, headers and body as the service sent them,
 * piece by piece where they are meant to arrive so.
 */
final class ServiceAnswer implements ServerResponse {

  /** Says that it was the service that failed. */
  private static final class BrokenOffException extends IOException {
    BrokenOffException(IOException cause) {
      super(cause);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(ServiceAnswer.class);

  /** Hop-by-hop headers, what the gateway says itself, and cookies, which services do not set. */
  private static final Set<String> STOPPED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "date",
          "server",
          "set-cookie",
          "set-cookie2",
          "strict-transport-security",
          "x-request-id");

  /** Events, speech while it is produced, and JSON Lines. */
  private static final List<String> PIECEWISE =
      List.of("text/event-stream", "audio/", "application/jsonl", "application/x-ndjson");

  private static final int BUFFER = 16 * 1024;

  private final HttpUriRequestBase request;
  private final ClassicHttpResponse response;
  private final BreakerCall call;
  private final ServerResponse instead;
  private final HttpHeaders headers = new HttpHeaders();

  /**
   * @param call learns when the answer breaks off
   * @param instead is answered when it does so before anything was sent
   */
  ServiceAnswer(
      HttpUriRequestBase request,
      ClassicHttpResponse response,
      BreakerCall call,
      ServerResponse instead) {
    this.instead = instead;
    this.request = request;
    this.response = response;
    this.call = call;
    for (Header header : response.getHeaders()) {
      if (!STOPPED.contains(header.getName().toLowerCase(Locale.ROOT))) {
        headers.add(header.getName(), header.getValue());
      }
    }
  }

  @Override
  public HttpStatusCode statusCode() {
    return HttpStatusCode.valueOf(response.getCode());
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  @Override
  public MultiValueMap<String, Cookie> cookies() {
    return new LinkedMultiValueMap<>();
  }

  @Override
  public @Nullable ModelAndView writeTo(
      HttpServletRequest incoming, HttpServletResponse outgoing, Context context)
      throws ServletException, IOException {
    boolean complete = false;
    try {
      send(outgoing);
      complete = true;
    } catch (BrokenOffException broken) {
      log.warn(
          "An answer to {} {} broke off: {}",
          incoming.getMethod(),
          incoming.getRequestURI(),
          String.valueOf(broken.getCause()));
      if (outgoing.isCommitted()) {
        // The connection ends, so that nobody takes the answer for whole.
        throw new CloseNowException("The service's answer broke off", broken);
      }
      return answerInstead(incoming, outgoing, context);
    } finally {
      close(complete);
    }
    return null;
  }

  private void send(HttpServletResponse outgoing) throws IOException {
    outgoing.setStatus(response.getCode());
    headers.forEach(
        (name, values) -> {
          outgoing.setHeader(name, values.getFirst());
          for (String value : values.subList(1, values.size())) {
            outgoing.addHeader(name, value);
          }
        });
    HttpEntity body = response.getEntity();
    if (body != null) {
      copy(body.getContent(), outgoing.getOutputStream(), arrivesInPieces());
    }
  }

  private @Nullable ModelAndView answerInstead(
      HttpServletRequest incoming, HttpServletResponse outgoing, Context context)
      throws ServletException, IOException {
    outgoing.reset();
    RequestId.current().ifPresent(id -> outgoing.setHeader(RequestId.HEADER, id));
    return instead.writeTo(incoming, outgoing, context);
  }

  private void close(boolean complete) throws IOException {
    if (complete) {
      response.close();
      return;
    }
    // Closing alone would first read the rest, which for a stream of events may never end.
    request.cancel();
    try {
      response.close();
    } catch (IOException cancelled) {
      log.debug("An answer was cut off", cancelled);
    }
  }

  private boolean arrivesInPieces() {
    Header type = response.getFirstHeader(HttpHeaders.CONTENT_TYPE);
    String value = type == null ? "" : type.getValue().toLowerCase(Locale.ROOT);
    return PIECEWISE.stream().anyMatch(value::startsWith);
  }

  private void copy(InputStream in, OutputStream out, boolean flush) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int count = next(in, buffer); count >= 0; count = next(in, buffer)) {
      out.write(buffer, 0, count);
      if (flush) {
        out.flush();
      }
    }
  }

  /** Only reading is the service's part: writing waits for the caller, who may leave as well. */
  private int next(InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException broken) {
      call.failed(broken);
      throw new BrokenOffException(broken);
    }
  }
}
