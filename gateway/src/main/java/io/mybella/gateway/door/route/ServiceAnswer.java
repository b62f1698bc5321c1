package io.mybella.gateway.door.route;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/**
 * A service's answer on its way to the caller: status, headers and body as the service sent them,
 * piece by piece where they are meant to arrive so.
 */
final class ServiceAnswer {

  /** Says that it was the service that failed. */
  static final class BrokenOffException extends IOException {
    BrokenOffException(IOException cause) {
      super("The service's answer broke off", cause);
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

  /**
   * @param call learns when the answer breaks off
   */
  ServiceAnswer(HttpUriRequestBase request, ClassicHttpResponse response, BreakerCall call) {
    this.request = request;
    this.response = response;
    this.call = call;
  }

  /**
   * Sends it, and lets go of the connection.
   *
   * @throws BrokenOffException when the service did not send all of it
   * @throws IOException when the caller has gone
   */
  void sendTo(HttpServletResponse outgoing) throws IOException {
    boolean complete = false;
    try {
      outgoing.setStatus(response.getCode());
      sendHeaders(outgoing);
      HttpEntity body = response.getEntity();
      if (body != null) {
        copy(body, outgoing.getOutputStream(), arrivesInPieces());
      }
      complete = true;
    } finally {
      close(complete);
    }
  }

  private void sendHeaders(HttpServletResponse outgoing) {
    Set<String> sent = new HashSet<>();
    for (Header header : response.getHeaders()) {
      String name = header.getName().toLowerCase(Locale.ROOT);
      if (STOPPED.contains(name)) {
        continue;
      }
      if (sent.add(name)) {
        outgoing.setHeader(header.getName(), header.getValue());
      } else {
        outgoing.addHeader(header.getName(), header.getValue());
      }
    }
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

  private void copy(HttpEntity body, OutputStream out, boolean flush) throws IOException {
    InputStream in = body.getContent();
    long length = body.getContentLength();
    byte[] buffer = new byte[length > 0 && length < BUFFER ? (int) length : BUFFER];
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
