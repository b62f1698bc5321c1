package io.mybella.gateway.door.route;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends requests whose service takes no more of the body: a connection's own limits are for reading
 * from it, and a write to a service that hangs waits for as long as that lives.
 */
@Component
final class SendingLimit {

  private record Sending(HttpUriRequestBase request, Duration answer) {}

  private final Map<CallerBody, Sending> underWay = new ConcurrentHashMap<>();
  private final RouteProperties properties;

  SendingLimit(RouteProperties properties) {
    this.properties = properties;
  }

  /**
   * Looks after a request, until it is forgotten.
   *
   * @param answer how long the service may take to answer once it has the whole body
   */
  void watch(CallerBody body, HttpUriRequestBase request, Duration answer) {
    underWay.put(body, new Sending(request, answer));
  }

  /** The service has answered, or nobody waits for that any more. */
  void forget(CallerBody body) {
    underWay.remove(body);
  }

  @Scheduled(fixedDelay = 1_000)
  void endWhatIsNotTaken() {
    underWay.forEach(
        (body, sending) -> {
          // Whether the last piece is still being written or was taken cannot be told apart.
          Duration more = body.isComplete() ? sending.answer() : Duration.ZERO;
          if (body.isLeftLying(properties.sendSilence().plus(more))) {
            sending.request().cancel();
          }
        });
  }
}
