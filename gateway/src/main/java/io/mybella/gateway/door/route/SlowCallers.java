package io.mybella.gateway.door.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Whose requests a service did not answer in time, of late. One caller can ask for so much slow
 * work that none of it is done in time; only when it happens to several is it the service that is
 * slow. So each caller counts once in a while.
 */
final class SlowCallers {

  private static final Duration COUNTED_ONCE_IN = Duration.ofMinutes(1);

  /** Far more than it takes to open a breaker. */
  private static final int MOST = 1_000;

  private final Cache<String, Boolean> recent =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(COUNTED_ONCE_IN).build();

  /** Notes a request that was too slow; whether it is the first of its caller in a while. */
  boolean isFirst(String caller) {
    return recent.asMap().putIfAbsent(caller, true) == null;
  }
}
