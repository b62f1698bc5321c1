package io.mybella.gateway.route;

import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.Principal;
import java.time.Duration;
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
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Carries one request to a service and its answer back, within the service's limits. Every service
 * has its own connections and its own breaker, so one that is dead or slow holds up nobody else.
 *
 * <p>The exchanges of Spring Cloud Gateway are not used because they know neither per-service
 * limits nor breakers around the exchange itself, and leave the connection open when a conditional
 * request ends in 304.
 */
final class ServiceExchange implements ProxyExchange {

  private static final Logger log = LoggerFactory.getLogger(ServiceExchange.class);

  private final CloseableHttpClient client;
  private final ProblemWriter problems;
  private final SendingLimit sending;
  private final Duration retryAfter;

  ServiceExchange(
      CloseableHttpClient client,
      ProblemWriter problems,
      SendingLimit sending,
      Duration retryAfter) {
    this.client = client;
    this.problems = problems;
    this.sending = sending;
    this.retryAfter = retryAfter;
  }

  @Override
  public ServerResponse exchange(Request request) {
    Backend backend = Backend.of(request.getServerRequest());
    HttpServletRequest incoming = request.getServerRequest().servletRequest();
    if (incoming.getContentLengthLong() > backend.maxBody()) {
      return tooLarge();
    }
    String caller = request.getServerRequest().principal().map(Principal::getName).orElse("");
    BreakerCall call = backend.call(caller);
    if (!call.isPermitted()) {
      return unavailable();
    }
    CallerBody body = null;
    try {
      HttpUriRequestBase outgoing = outgoing(request, backend, incoming);
      body = body(incoming, backend, call);
      if (body == null) {
        call.begin();
      } else {
        // The content type is among the headers already.
        outgoing.setEntity(new InputStreamEntity(body, incoming.getContentLengthLong(), null));
        sending.watch(body, outgoing, backend.silence(incoming));
      }
      ClassicHttpResponse response =
          client.executeOpen(backend.host(), outgoing, HttpClientContext.create());
      call.answered();
      return new ServiceAnswer(outgoing, response, call, unavailable());
    } catch (IOException failure) {
      return answerTo(failure, call, body, backend, incoming);
    } catch (RuntimeException fault) {
      call.ignored();
      throw fault;
    } finally {
      if (body != null) {
        sending.forget(body);
      }
    }
  }

  private ServerResponse answerTo(
      IOException failure,
      BreakerCall call,
      @Nullable CallerBody body,
      Backend backend,
      HttpServletRequest incoming) {
    if (body != null && body.failed()) {
      call.ignored();
      return answerToCaller(failure);
    }
    boolean served = body == null || body.isComplete() || body.wasLeftLying();
    if (failure instanceof BreakerCall.NotPermittedException) {
      return unavailable();
    }
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
  private ServerResponse answerToCaller(IOException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return switch (cause) {
      case CallerBody.TooLargeException _ -> tooLarge();
      case BreakerCall.NotPermittedException _ -> unavailable();
      case SocketTimeoutException _ ->
          refused(HttpStatus.REQUEST_TIMEOUT, "The body of the request did not come in time");
      default -> {
        log.debug("A body ended before it was whole", failure);
        yield refused(HttpStatus.BAD_REQUEST, "The body of the request cannot be read");
      }
    };
  }

  private static HttpUriRequestBase outgoing(
      Request request, Backend backend, HttpServletRequest incoming) {
    URI uri = request.getUri();
    if (uri == null) {
      throw new IllegalStateException("The route has no address");
    }
    var outgoing = new HttpUriRequestBase(request.getMethod().name(), uri);
    outgoing.setConfig(backend.timeouts(incoming));
    request
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> outgoing.addHeader(name, value)));
    return outgoing;
  }

  private static @Nullable CallerBody body(
      HttpServletRequest incoming, Backend backend, BreakerCall call) throws IOException {
    long length = incoming.getContentLengthLong();
    boolean present = length > 0 || incoming.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    return present
        ? new CallerBody(incoming.getInputStream(), backend.maxBody(), length, call)
        : null;
  }

  private ServerResponse tooLarge() {
    return refused(HttpStatus.CONTENT_TOO_LARGE, "The request is too large");
  }

  private ServerResponse refused(HttpStatus status, String detail) {
    return ServerResponse.status(status)
        .build(
            (request, response) -> {
              problems.write(request, response, status, detail);
              return null;
            });
  }

  private ServerResponse unavailable() {
    return ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())))
        .build(
            (request, response) -> {
              problems.write(
                  request,
                  response,
                  HttpStatus.SERVICE_UNAVAILABLE,
                  "This part of the platform is not answering; try again in a moment");
              return null;
            });
  }
}
