package io.mybella.gateway.route;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.URI;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.HttpHost;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.web.servlet.function.ServerRequest;

/**
 * A service as the gateway sees it.
 *
 * @param name of the service
 * @param url where it is
 * @param timeouts of requests to it
 * @param maxBody bytes of the largest request body
 * @param breaker opens when the service does not answer
 */
record Backend(String name, URI url, RequestConfig timeouts, long maxBody, CircuitBreaker breaker) {

  private static final String ATTRIBUTE = Backend.class.getName();

  HttpHost host() {
    return new HttpHost(url.getScheme(), url.getHost(), url.getPort());
  }

  /** Sends the request here: a filter of routes. */
  ServerRequest mark(ServerRequest request) {
    MvcUtils.setRequestUrl(request, url);
    MvcUtils.putAttribute(request, ATTRIBUTE, this);
    return request;
  }

  /** Where the request's route leads. */
  static Backend of(ServerRequest request) {
    Backend backend = MvcUtils.getAttribute(request, ATTRIBUTE);
    if (backend == null) {
      throw new IllegalStateException("The route names no service");
    }
    return backend;
  }
}
