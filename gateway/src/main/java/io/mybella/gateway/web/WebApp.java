package io.mybella.gateway.web;

import io.mybella.gateway.identity.oidc.SignInWays;
import io.mybella.web.WaysToSignIn;
import io.mybella.web.WebAppConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Serves the web app, and tells it how people sign in here. Who may see which page, the door says.
 */
@Configuration(proxyBeanMethods = false)
@Import(WebAppConfiguration.class)
class WebApp {

  @Bean
  WaysToSignIn waysToSignIn(SignInWays ways) {
    return new WaysToSignIn(ways.localAccounts(), ways.provider());
  }
}
