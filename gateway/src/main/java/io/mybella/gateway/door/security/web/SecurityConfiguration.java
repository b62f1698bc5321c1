package io.mybella.gateway.door.security.web;

import io.mybella.chassis.http.CallerNetwork;
import io.mybella.chassis.http.CallerSlotFilter;
import io.mybella.chassis.http.CallerSlots;
import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.gateway.identity.credential.Credential.Kind;
import io.mybella.gateway.identity.credential.web.Credentials;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.catalina.core.StandardHost;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Who may pass the door, and what every answer says to browsers. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  /** For everything that is not a page; pages bring their own policy, which stays. */
  private static final String NOTHING_MAY_LOAD =
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private static final String PERMISSIONS =
      "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)";

  @Bean
  CsrfTokenRepository csrfTokenRepository() {
    var repository = CookieCsrfTokenRepository.withHttpOnlyFalse();
    repository.setCookieCustomizer(cookie -> cookie.sameSite("Lax"));
    return repository;
  }

  /**
   * Requests are measured as a whole; an observation of every filter of the chain is work on each
   * request that nobody looks at.
   */
  @Bean
  SecurityObservationSettings noObservationsWithinTheChain() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports() {
    return server ->
        server.addContextCustomizers(
            context -> {
              if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
              }
            });
  }

  /** Before anything that asks where a request comes from. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> trustedProxies(
      TrustedProxies proxies, Environment environment) {
    proxies.refuseFormerSettings(environment);
    return server -> server.addEngineValves(proxies.valve());
  }

  /** Whoever is behind an address, with however many accounts: others find a place beside them. */
  private static CallerSlotFilter slotsPerAddress(
      RateLimitProperties limits, ProblemWriter problems) {
    return new CallerSlotFilter(
        new CallerSlots(limits.concurrentPerAddress()),
        request -> limits.exempts(request) ? null : CallerNetwork.of(request.getRemoteAddr()),
        problems);
  }

  @Bean
  SecurityFilterChain door(
      HttpSecurity http,
      Credentials credentials,
      ProblemWriter problems,
      CsrfTokenRepository csrfTokens,
      RateLimitProperties limits) {
    return http.securityContext(
            context -> context.securityContextRepository(new NullSecurityContextRepository()))
        .addFilterBefore(RateLimitFilter.perAddress(limits, problems), CsrfFilter.class)
        .addFilterBefore(slotsPerAddress(limits, problems), CsrfFilter.class)
        .addFilterBefore(new CredentialFilter(credentials, problems), CsrfFilter.class)
        .addFilterAfter(RateLimitFilter.perCaller(limits, problems), AuthorizationFilter.class)
        .csrf(
            csrf ->
                csrf.csrfTokenRepository(csrfTokens)
                    .csrfTokenRequestHandler(new HeaderCsrfTokenHandler())
                    .requireCsrfProtectionMatcher(new CsrfRule(credentials)))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                    .permitAll()
                    .requestMatchers(
                        HttpMethod.POST,
                        "/api/auth/register",
                        "/api/auth/login",
                        "/api/auth/logout")
                    .permitAll()
                    .requestMatchers(
                        HttpMethod.GET,
                        "/api/auth/erasures/*",
                        "/api/auth/oidc",
                        "/api/auth/oidc/callback")
                    .permitAll()
                    .requestMatchers("/api/auth/password", "/api/auth/sessions/**")
                    .access(SecurityConfiguration::bySession)
                    .requestMatchers(HttpMethod.POST, "/api/auth/api-keys")
                    .access(SecurityConfiguration::bySession)
                    .requestMatchers(HttpMethod.DELETE, "/api/auth/me")
                    .access(SecurityConfiguration::bySession)
                    .requestMatchers("/api/**", "/users/**")
                    .authenticated()
                    .anyRequest()
                    .permitAll())
        .exceptionHandling(
            handling ->
                handling
                    .authenticationEntryPoint(
                        (request, response, _) -> askToSignIn(problems, request, response))
                    .accessDeniedHandler(
                        (request, response, denied) -> refuse(problems, request, response, denied)))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(csp -> csp.policyDirectives(NOTHING_MAY_LOAD))
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                    .permissionsPolicyHeader(permissions -> permissions.policy(PERMISSIONS))
                    .crossOriginOpenerPolicy(
                        opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(
                        resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN)))
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }

  /**
   * Programs are told, people are led to the sign-in page; always the same one, never elsewhere.
   */
  private static void askToSignIn(
      ProblemWriter problems, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getRequestURI().startsWith("/users/")) {
      response.setStatus(HttpStatus.FOUND.value());
      response.setHeader(HttpHeaders.LOCATION, "/login");
      return;
    }
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    problems.write(request, response, HttpStatus.UNAUTHORIZED, "Sign in to continue");
  }

  private static void refuse(
      ProblemWriter problems,
      HttpServletRequest request,
      HttpServletResponse response,
      AccessDeniedException denied)
      throws IOException {
    String detail =
        switch (denied) {
          case CsrfException _ ->
              "The CSRF token is missing or stale: send the XSRF-TOKEN cookie's value as"
                  + " X-XSRF-TOKEN";
          default ->
              isBy(Kind.KEY, SecurityContextHolder.getContext().getAuthentication())
                  ? "An API key cannot do this; sign in instead"
                  : "This is not allowed";
        };
    problems.write(request, response, HttpStatus.FORBIDDEN, detail);
  }

  /**
   * What decides who may act for the account is left to people who are signed in: a stolen key must
   * not outlive its revocation by a new one, nor lock its owner out.
   */
  private static AuthorizationDecision bySession(
      Supplier<? extends @Nullable Authentication> caller, RequestAuthorizationContext context) {
    return new AuthorizationDecision(isBy(Kind.SESSION, caller.get()));
  }

  private static boolean isBy(Kind kind, @Nullable Authentication authentication) {
    return authentication instanceof CallerAuthentication caller && caller.kind() == kind;
  }
}
