package io.mybella.gateway.door.route;

import io.mybella.chassis.problem.Problem;
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
  private final SendingLimit sending;
  private final RouteProperties properties;

  ServiceExchange(
      CloseableHttpClient client,
      RequestHeaders headers,
      SendingLimit sending,
      RouteProperties properties) {
    this.client = client;
    this.headers = headers;
    this.sending = sending;
    this.properties = properties;
  }

  /**
   * Answers a request with what the service says to it.
   *
   * @throws Problem why the service says nothing
   * @throws IOException when the caller has gone, or an answer broke off amid its body
   */
  void carry(
      Backend backend, Caller caller, HttpServletRequest incoming, HttpServletResponse outgoing)
      throws IOException {
    BreakerCall call = backend.call(Long.toString(caller.userId()));
    if (incoming.getContentLengthLong() > backend.maxBody()) {
      throw tooLarge();
    }
    if (!call.isPermitted()) {
      throw unavailable();
    }
    CallerBody body = body(incoming, backend, call);
    HttpUriRequestBase request = request(backend, incoming, caller);
    ClassicHttpResponse response = response(backend, incoming, request, body, call);
    try {
      new ServiceAnswer(request, response, call).sendTo(outgoing);
    } catch (ServiceAnswer.BrokenOffException broken) {
      brokenOff(broken, incoming, outgoing);
    }
  }

  private ClassicHttpResponse response(
      Backend backend,
      HttpServletRequest incoming,
      HttpUriRequestBase request,
      @Nullable CallerBody body,
      BreakerCall call) {
    try {
      if (body == null) {
        call.begin();
      } else {
        // The content type is among the headers already.
        request.setEntity(new InputStreamEntity(body, incoming.getContentLengthLong(), null));
        sending.watch(body, request, backend.silence(incoming));
      }
      ClassicHttpResponse response =
          client.executeOpen(backend.host(), request, HttpClientContext.create());
      call.answered();
      return response;
    } catch (IOException failure) {
      throw problem(failure, call, body, backend, incoming);
    } catch (RuntimeException fault) {
      call.ignored();
      throw fault;
    } finally {
      if (body != null) {
        sending.forget(body);
      }
    }
  }

  private void brokenOff(
      ServiceAnswer.BrokenOffException broken,
      HttpServletRequest incoming,
      HttpServletResponse outgoing)
      throws CloseNowException {
    log.warn(
        "An answer to {} {} broke off: {}",
        incoming.getMethod(),
        incoming.getRequestURI(),
        String.valueOf(broken.getCause()));
    if (outgoing.isCommitted()) {
      // The connection ends, so that nobody takes the answer for whole.
      throw new CloseNowException("The service's answer broke off", broken);
    }
    outgoing.reset();
    RequestId.current().ifPresent(id -> outgoing.setHeader(RequestId.HEADER, id));
    throw unavailable();
  }

  private Problem problem(
      IOException failure,
      BreakerCall call,
      @Nullable CallerBody body,
      Backend backend,
      HttpServletRequest incoming) {
    if (body != null && body.failed()) {
      call.ignored();
      return problemOfBody(failure);
    }
    if (failure instanceof BreakerCall.NotPermittedException) {
      return unavailable();
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
        backend.name(),
        incoming.getMethod(),
        incoming.getRequestURI(),
        failure.toString());
    return unavailable();
  }

  /** Whether there was nobody to connect to. */
  private static boolean isAway(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof ConnectTimeoutException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException;
  }

  /** What is wrong with the body that a caller sent, or did not send. */
  private Problem problemOfBody(IOException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return switch (cause) {
      case CallerBody.TooLargeException _ -> tooLarge();
      case BreakerCall.NotPermittedException _ -> unavailable();
      case SocketTimeoutException _ ->
          Problem.requestTimeout("The body of the request did not come in time");
      default -> {
        log.debug("A body ended before it was whole", failure);
        yield Problem.badRequest("The body of the request cannot be read");
      }
    };
  }

  /** To the same path, with the query as it was sent: whoever reads it judges it. */
  private HttpUriRequestBase request(Backend backend, HttpServletRequest incoming, Caller caller) {
    String query = incoming.getQueryString();
    var request = new HttpUriRequestBase(incoming.getMethod(), backend.url());
    request.setPath(
        query == null ? incoming.getRequestURI() : incoming.getRequestURI() + "?" + query);
    request.setConfig(backend.timeouts(incoming));
    headers.add(incoming, caller, backend, request);
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

  private static Problem tooLarge() {
    return Problem.tooLarge("The request is too large");
  }

  private Problem unavailable() {
    return Problem.unavailable(
        "This part of the platform is not answering; try again in a moment",
        properties.retryAfter());
  }
}
