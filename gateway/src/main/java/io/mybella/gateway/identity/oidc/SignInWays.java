package io.mybella.gateway.identity.oidc;

import org.jspecify.annotations.Nullable;

/**
 * How people may sign in here.
 *
 * @param localAccounts whether with an e-mail address and a password
 * @param provider what people call the external provider; null when there is none
 */
public record SignInWays(boolean localAccounts, @Nullable String provider) {

  /** Refuses that nobody could sign in. */
  public SignInWays {
    if (!localAccounts && provider == null) {
      throw new IllegalStateException(
          "Nobody could sign in: local accounts are off (mybella.gateway.account.local.enabled) and"
              + " there is no OpenID Connect provider (mybella.oidc.issuer)");
    }
  }
}
