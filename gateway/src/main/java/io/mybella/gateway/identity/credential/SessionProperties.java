package io.mybella.gateway.identity.credential;

import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a browser stays signed in. Both hold for sessions that have begun already, too.
 *
 * @param idle without a request; noted to the minute
 * @param lifetime at the longest, however much it is used
 */
@ConfigurationProperties("mybella.gateway.session")
public record SessionProperties(
    @DefaultValue("14d") Duration idle, @DefaultValue("30d") Duration lifetime) {

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException when one of them is none
   */
  public SessionProperties {
    if (!idle.isPositive() || !lifetime.isPositive()) {
      throw new IllegalArgumentException("mybella.gateway.session: times are above zero");
    }
  }

  /** Sessions that were used last before this have ended. */
  Instant usedSince(Instant now) {
    return now.minus(idle);
  }

  /** Sessions that began before this have ended. */
  Instant begunSince(Instant now) {
    return now.minus(lifetime);
  }
}
