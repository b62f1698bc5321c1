package io.mybella.chassis.operator;

import io.mybella.chassis.problem.ProblemWriter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * Keeps {@code /internal} for the operator, before any other rule of a service is asked. Neither
 * sessions nor users' tokens mean anything there.
 */
@AutoConfiguration(before = ServletWebSecurityAutoConfiguration.class)
@EnableConfigurationProperties(OperatorProperties.class)
class OperatorAutoConfiguration {

  @Bean
  ForwardedMark forwardedMark() {
    return new ForwardedMark();
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE + 1)
  SecurityFilterChain operatorFilterChain(
      HttpSecurity http, OperatorProperties settings, ProblemWriter problems) {
    return http.securityMatcher("/internal/**")
        .addFilterBefore(new OperatorFilter(settings, problems), AuthorizationFilter.class)
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }
}
