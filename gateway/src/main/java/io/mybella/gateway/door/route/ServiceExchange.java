package io.mybella.gateway.door.route;

import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.chassis.request.RequestId;
import io.mybella.chassis.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.coyote.CloseNowException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Carries one request to a service and its answer back, within the service's limits. Every service
 * has its own connections and its own breaker, so one that is dead or slow holds up nobody else.
 */
@Component
final class ServiceExchange {

  private static final Logger log = LoggerFactory.getLogger(ServiceExchange.class);

  private final CloseableHttpClient client;
  private final RequestHeaders headers;
  private final ProblemWriter problems;
  private final SendingLimit sending;
  private final RouteProperties properties;

  ServiceExchange(
      CloseableHttpClient client,
      RequestHeaders headers,
      ProblemWriter problems,
      SendingLimit sending,
      RouteProperties properties) {
    this.client = client;
    this.headers = headers;
    this.problems = problems;
    this.sending = sending;
    this.properties = properties;
  }

  /** A request, where it goes, and where its answer belongs. */
  private record Passage(
      Backend backend, HttpServletRequest incoming, HttpServletResponse outgoing) {}

  /**
   * Answers a request with what the service says to it, or with why the service says nothing.
   *
   * @throws IOException when the caller has gone, or an answer broke off amid its body
   */
  void carry(
      Backend backend, Caller caller, HttpServletRequest incoming, HttpServletResponse outgoing)
      throws IOException {
    var passage = new Passage(backend, incoming, outgoing);
    BreakerCall call = backend.call(Long.toString(caller.userId()));
    if (incoming.getContentLengthLong() > backend.maxBody()) {
      tooLarge(passage);
    } else if (!call.isPermitted()) {
      unavailable(passage);
    } else {
      CallerBody body = body(incoming, backend, call);
      HttpUriRequestBase request = request(passage, caller);
      ClassicHttpResponse response = response(passage, request, body, call);
      if (response != null) {
        send(passage, new ServiceAnswer(request, response, call));
      }
    }
  }

  /** What the service answers; null when the caller was told why it does not. */
  private @Nullable ClassicHttpResponse response(
      Passage passage, HttpUriRequestBase request, @Nullable CallerBody body, BreakerCall call)
      throws IOException {
    Backend backend = passage.backend();
    try {
      if (body == null) {
        call.begin();
      } else {
        // The content type is among the headers already.
        request.setEntity(
            new InputStreamEntity(body, passage.incoming().getContentLengthLong(), null));
        sending.watch(body, request, backend.silence(passage.incoming()));
      }
      ClassicHttpResponse response =
          client.executeOpen(backend.host(), request, HttpClientContext.create());
      call.answered();
      return response;
    } catch (IOException failure) {
      explain(failure, call, body, passage);
      return null;
    } catch (RuntimeException fault) {
      call.ignored();
      throw fault;
    } finally {
      if (body != null) {
        sending.forget(body);
      }
    }
  }

  private void send(Passage passage, ServiceAnswer answer) throws IOException {
    try {
      answer.sendTo(passage.outgoing());
    } catch (ServiceAnswer.BrokenOffException broken) {
      log.warn(
          "An answer to {} {} broke off: {}",
          passage.incoming().getMethod(),
          passage.incoming().getRequestURI(),
          String.valueOf(broken.getCause()));
      if (passage.outgoing().isCommitted()) {
        // The connection ends, so that nobody takes the answer for whole.
        throw new CloseNowException("The service's answer broke off", broken);
      }
      passage.outgoing().reset();
      RequestId.current().ifPresent(id -> passage.outgoing().setHeader(RequestId.HEADER, id));
      unavailable(passage);
    }
  }

  private void explain(
      IOException failure, BreakerCall call, @Nullable CallerBody body, Passage passage)
      throws IOException {
    if (body != null && body.failed()) {
      call.ignored();
      explainToCaller(failure, passage);
      return;
    }
    if (failure instanceof BreakerCall.NotPermittedException) {
      unavailable(passage);
      return;
    }
    boolean served = body == null || body.isComplete() || body.wasLeftLying();
    if (failure instanceof ConnectionRequestTimeoutException || !(served || isAway(failure))) {
      // All connections are taken, or the service would not have the rest of this body.
      call.ignored();
    } else {
      call.failed(failure);
    }
    log.warn(
        "{} did not answer {} {}: {}",
        passage.backend().name(),
        passage.incoming().getMethod(),
        passage.incoming().getRequestURI(),
        failure.toString());
    unavailable(passage);
  }

  /** Whether there was nobody to connect to. */
  private static boolean isAway(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof ConnectTimeoutException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException;
  }

  /** What is wrong with the body that a caller sent, or did not send. */
  private void explainToCaller(IOException failure, Passage passage) throws IOException {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    switch (cause) {
      case CallerBody.TooLargeException _ -> tooLarge(passage);
      case BreakerCall.NotPermittedException _ -> unavailable(passage);
      case SocketTimeoutException _ ->
          refuse(
              passage, HttpStatus.REQUEST_TIMEOUT, "The body of the request did not come in time");
      default -> {
        log.debug("A body ended before it was whole", failure);
        refuse(passage, HttpStatus.BAD_REQUEST, "The body of the request cannot be read");
      }
    }
  }

  /** To the same path, with the query as it was sent: whoever reads it judges it. */
  private HttpUriRequestBase request(Passage passage, Caller caller) {
    HttpServletRequest incoming = passage.incoming();
    String query = incoming.getQueryString();
    var request = new HttpUriRequestBase(incoming.getMethod(), passage.backend().url());
    request.setPath(
        query == null ? incoming.getRequestURI() : incoming.getRequestURI() + "?" + query);
    request.setConfig(passage.backend().timeouts(incoming));
    headers.add(incoming, caller, passage.backend(), request);
    return request;
  }

  private static @Nullable CallerBody body(
      HttpServletRequest incoming, Backend backend, BreakerCall call) throws IOException {
    long length = incoming.getContentLengthLong();
    boolean present = length > 0 || incoming.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    return present
        ? new CallerBody(incoming.getInputStream(), backend.maxBody(), length, call)
        : null;
  }

  private void tooLarge(Passage passage) throws IOException {
    refuse(passage, HttpStatus.CONTENT_TOO_LARGE, "The request is too large");
  }

  private void unavailable(Passage passage) throws IOException {
    passage
        .outgoing()
        .setHeader(
            HttpHeaders.RETRY_AFTER,
            Long.toString(Math.max(1, properties.retryAfter().toSeconds())));
    refuse(
        passage,
        HttpStatus.SERVICE_UNAVAILABLE,
        "This part of the platform is not answering; try again in a moment");
  }

  private void refuse(Passage passage, HttpStatus status, String detail) throws IOException {
    problems.write(passage.incoming(), passage.outgoing(), status, detail);
  }
}
