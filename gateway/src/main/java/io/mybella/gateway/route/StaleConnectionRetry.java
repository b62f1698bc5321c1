package io.mybella.gateway.route;

import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Repeats a request that may be repeated (RFC 9110, 9.2.2) once when its connection broke: the
 * service may just have closed an idle one. An answer, whatever its status, is never asked for
 * again, and neither is a service that refuses connections or is too slow.
 */
final class StaleConnectionRetry extends DefaultHttpRequestRetryStrategy {

  StaleConnectionRetry() {
    super(1, TimeValue.ZERO_MILLISECONDS);
  }

  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return false;
  }
}
