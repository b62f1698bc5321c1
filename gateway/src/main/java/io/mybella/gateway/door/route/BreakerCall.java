package io.mybella.gateway.door.route;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * One request as the breaker of its service sees it: judged by what the service does from the
 * moment when it has the whole of it. What a caller does before, who leaves, and the wait for a
 * connection say nothing about the service.
 */
final class BreakerCall {

  /** Says that the breaker opened while the caller was sending. */
  static final class NotPermittedException extends IOException {
    NotPermittedException() {
      super("The breaker lets nothing through");
    }
  }

  private final CircuitBreaker breaker;
  private final SlowCallers slow;
  private final String caller;
  private boolean begun;
  private long since;

  /**
   * @param slow whose requests were too slow of late
   * @param caller who asks
   */
  BreakerCall(CircuitBreaker breaker, SlowCallers slow, String caller) {
    this.breaker = breaker;
    this.slow = slow;
    this.caller = caller;
  }

  /**
   * Whether it is worth while to begin. Nothing is held: of an open breaker that tries its service
   * again only few may be under way, and a caller may take long to send.
   */
  boolean isPermitted() {
    boolean permitted = breaker.tryAcquirePermission();
    if (permitted) {
      breaker.releasePermission();
    }
    return permitted;
  }

  /** The service has the whole request: its time begins. */
  void begin() throws NotPermittedException {
    if (!breaker.tryAcquirePermission()) {
      throw new NotPermittedException();
    }
    begun = true;
    since = breaker.getCurrentTimestamp();
  }

  /** The service answers; what it does from now on can still fail. */
  void answered() {
    breaker.onSuccess(elapsed(), breaker.getTimestampUnit());
    begun = false;
  }

  /** The service failed, before its answer or amid it. */
  void failed(IOException failure) {
    boolean slowly =
        failure instanceof SocketTimeoutException && !(failure instanceof ConnectTimeoutException);
    if (slowly && !slow.isFirst(caller)) {
      ignored();
    } else {
      breaker.onError(elapsed(), breaker.getTimestampUnit(), failure);
    }
  }

  /** Nothing was learned about the service. */
  void ignored() {
    if (begun) {
      breaker.releasePermission();
    }
  }

  private long elapsed() {
    return begun ? breaker.getCurrentTimestamp() - since : 0;
  }
}
