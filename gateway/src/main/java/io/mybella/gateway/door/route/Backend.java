package io.mybella.gateway.door.route;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpHost;
import org.springframework.http.MediaType;

/**
 * A service as the gateway sees it.
 *
 * @param name of the service
 * @param audience whom a token for it is good for: itself and the services that it calls in the
 *     caller's name
 * @param url where it is
 * @param timeouts of requests to it
 * @param uploadTimeouts of requests to it that bring files along
 * @param maxBody bytes of the largest request body
 * @param breaker opens when the service does not answer
 * @param slow whose requests it did not answer in time
 */
record Backend(
    String name,
    List<String> audience,
    URI url,
    RequestConfig timeouts,
    RequestConfig uploadTimeouts,
    long maxBody,
    CircuitBreaker breaker,
    SlowCallers slow) {

  private static final String ATTRIBUTE = Backend.class.getName();

  HttpHost host() {
    return new HttpHost(url.getScheme(), url.getHost(), url.getPort());
  }

  /** How long this request may take. */
  RequestConfig timeouts(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.startsWith(MediaType.MULTIPART_FORM_DATA_VALUE)
        ? uploadTimeouts
        : timeouts;
  }

  /** The longest silence before the answer to this request. */
  Duration silence(HttpServletRequest request) {
    return timeouts(request).getResponseTimeout().toDuration();
  }

  /** Another request to the service. */
  BreakerCall call(String caller) {
    return new BreakerCall(breaker, slow, caller);
  }

  /** Notes that the request goes here. */
  void mark(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Where the route of a request led, once there was one; empty for what needs no service. */
  static Optional<Backend> of(HttpServletRequest request) {
    return Optional.ofNullable((Backend) request.getAttribute(ATTRIBUTE));
  }
}
