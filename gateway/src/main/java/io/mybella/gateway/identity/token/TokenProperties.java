package io.mybella.gateway.identity.token;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The tokens for the services.
 *
 * @param lifetime how long a service accepts one
 * @param reuse how long one is used again for the same caller; signing is what costs
 * @param rotation how long a key signs before a new one takes over
 * @param lead how long a new key is published before it signs, so that every service and every
 *     replica has seen it; an old one stays published as long after its last signature
 * @param keySecret encrypts the private keys in the database, the same for all replicas; empty
 *     leaves them as they are
 */
@ConfigurationProperties("mybella.gateway.token")
record TokenProperties(
    @DefaultValue("5m") Duration lifetime,
    @DefaultValue("4m") Duration reuse,
    @DefaultValue("30d") Duration rotation,
    @DefaultValue("15m") Duration lead,
    @DefaultValue("") String keySecret) {

  TokenProperties {
    if (reuse.compareTo(lifetime) >= 0) {
      throw new IllegalArgumentException("mybella.gateway.token.reuse must be below lifetime");
    }
    if (lead.compareTo(lifetime) < 0) {
      throw new IllegalArgumentException("mybella.gateway.token.lead must not be below lifetime");
    }
  }

  /** Never tells the secret, wherever it may be printed. */
  @Override
  public String toString() {
    return "TokenProperties[lifetime=%s, rotation=%s]".formatted(lifetime, rotation);
  }
}
