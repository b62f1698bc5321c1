package io.mybella.gateway.door.route;

import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Repeats a request that only reads once when its connection broke: the service may just have
 * closed an idle one. One that changes something may have been carried out before, and the second
 * answer is another then: of a deletion that there is nothing to delete. An answer, whatever its
 * status, is never asked for again, and neither is a service that refuses connections or is too
 * slow.
 */
final class StaleConnectionRetry extends DefaultHttpRequestRetryStrategy {

  StaleConnectionRetry() {
    super(1, TimeValue.ZERO_MILLISECONDS);
  }

  @Override
  protected boolean handleAsIdempotent(HttpRequest request) {
    return Method.isSafe(request.getMethod());
  }

  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return false;
  }
}
