package io.mybella.gateway.identity.oidc;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The OpenID Connect provider that people may sign in with.
 *
 * @param issuer the provider's issuer, exactly as it calls itself; empty is no provider
 * @param clientId what the provider calls this gateway
 * @param clientSecret what this gateway proves itself with at the provider
 * @param name what people call the provider: {@code Continue with …}
 * @param scopes what the provider is asked for, separated by spaces
 * @param redirectUri where the provider sends people back to; empty follows from the address they
 *     came to
 * @param adminClaim the claim that tells administrators, a dot leads into an object; empty leaves
 *     roles alone
 * @param adminValue what the claim says, or its list contains, of an administrator
 * @param timeout how long one call to the provider may take
 */
@ConfigurationProperties("mybella.oidc")
public record OidcProperties(
    @DefaultValue("") String issuer,
    @DefaultValue("") String clientId,
    @DefaultValue("") String clientSecret,
    @DefaultValue("single sign-on") String name,
    @DefaultValue("openid profile email") String scopes,
    @DefaultValue("") String redirectUri,
    @DefaultValue("") String adminClaim,
    @DefaultValue("") String adminValue,
    @DefaultValue("10s") Duration timeout) {

  /** Refuses what is only half said; a container passes on empty text where nothing is set. */
  public OidcProperties {
    if (issuer.isBlank() != clientId.isBlank() || issuer.isBlank() != clientSecret.isBlank()) {
      throw new IllegalArgumentException(
          "mybella.oidc.issuer, client-id and client-secret belong together");
    }
    if (adminClaim.isBlank() != adminValue.isBlank()) {
      throw new IllegalArgumentException(
          "mybella.oidc.admin-claim and admin-value belong together");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("mybella.oidc.timeout must be positive");
    }
    name = name.isBlank() ? "single sign-on" : name.strip();
    scopes = scopes.isBlank() ? "openid profile email" : scopes;
    requireAddress("issuer", issuer);
    requireAddress("redirect-uri", redirectUri);
  }

  /** Whether there is a provider. */
  public boolean configured() {
    return !issuer.isBlank();
  }

  /** Always with {@code openid}, without which the provider would tell nobody's identity. */
  Set<String> scopeSet() {
    Set<String> all = new LinkedHashSet<>(List.of("openid"));
    all.addAll(List.of(scopes.strip().split("[\\s,]+", -1)));
    all.remove("");
    return all;
  }

  private static void requireAddress(String property, String value) {
    if (!value.isBlank() && !isAddress(value)) {
      throw new IllegalArgumentException(
          "mybella.oidc.%s is no http(s) address without query and fragment".formatted(property));
    }
  }

  private static boolean isAddress(String value) {
    try {
      URI uri = URI.create(value);
      return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  /** Never tells the secret, wherever it may be printed. */
  @Override
  public String toString() {
    return "OidcProperties[issuer=%s]".formatted(issuer);
  }
}
