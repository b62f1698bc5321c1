package io.mybella.gateway.identity.oidc;

import io.mybella.gateway.identity.account.LocalAccountProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Says how people may sign in, and ends the start when nobody could. */
@Configuration(proxyBeanMethods = false)
class OidcConfiguration {

  @Bean
  SignInWays signInWays(LocalAccountProperties local, OidcProperties provider) {
    return new SignInWays(local.enabled(), provider.configured() ? provider.name() : null);
  }
}
