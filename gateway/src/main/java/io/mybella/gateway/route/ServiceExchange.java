package io.mybella.gateway.route;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
  private final Duration retryAfter;

  ServiceExchange(CloseableHttpClient client, ProblemWriter problems, Duration retryAfter) {
    this.client = client;
    this.problems = problems;
    this.retryAfter = retryAfter;
  }

  @Override
  public ServerResponse exchange(Request request) {
    Backend backend = Backend.of(request.getServerRequest());
    HttpServletRequest incoming = request.getServerRequest().servletRequest();
    if (incoming.getContentLengthLong() > backend.maxBody()) {
      return tooLarge();
    }
    CircuitBreaker breaker = backend.breaker();
    if (!breaker.tryAcquirePermission()) {
      return unavailable();
    }
    long start = breaker.getCurrentTimestamp();
    CallerBody body = null;
    try {
      HttpUriRequestBase outgoing = outgoing(request, backend);
      body = body(incoming, backend);
      if (body != null) {
        // The content type is among the headers already.
        outgoing.setEntity(new InputStreamEntity(body, length(incoming), null));
      }
      ClassicHttpResponse response =
          client.executeOpen(backend.host(), outgoing, HttpClientContext.create());
      breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
      return new ServiceAnswer(outgoing, response);
    } catch (CallerBody.TooLargeException tooLarge) {
      breaker.releasePermission();
      return tooLarge();
    } catch (IOException failure) {
      if (body != null && body.failed()) {
        breaker.releasePermission();
        if (failure.getCause() instanceof CallerBody.TooLargeException) {
          return tooLarge();
        }
        throw new UncheckedIOException(failure);
      }
      breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), failure);
      log.warn(
          "{} did not answer {} {}: {}",
          backend.name(),
          incoming.getMethod(),
          incoming.getRequestURI(),
          failure.toString());
      return unavailable();
    } catch (RuntimeException fault) {
      breaker.releasePermission();
      throw fault;
    }
  }

  private static HttpUriRequestBase outgoing(Request request, Backend backend) {
    URI uri = request.getUri();
    if (uri == null) {
      throw new IllegalStateException("The route has no address");
    }
    var outgoing = new HttpUriRequestBase(request.getMethod().name(), uri);
    outgoing.setConfig(backend.timeouts());
    request
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> outgoing.addHeader(name, value)));
    return outgoing;
  }

  private static @Nullable CallerBody body(HttpServletRequest incoming, Backend backend)
      throws IOException {
    boolean present =
        incoming.getContentLengthLong() > 0
            || incoming.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    return present ? new CallerBody(incoming.getInputStream(), backend.maxBody()) : null;
  }

  /** Forms are written anew on the way, see the form filter of Spring Cloud Gateway. */
  private static long length(HttpServletRequest incoming) {
    String type = incoming.getContentType();
    return type != null && type.contains(MediaType.APPLICATION_FORM_URLENCODED_VALUE)
        ? -1
        : incoming.getContentLengthLong();
  }

  private ServerResponse tooLarge() {
    return ServerResponse.status(HttpStatus.CONTENT_TOO_LARGE)
        .build(
            (request, response) -> {
              problems.write(
                  request, response, HttpStatus.CONTENT_TOO_LARGE, "The request is too large");
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
