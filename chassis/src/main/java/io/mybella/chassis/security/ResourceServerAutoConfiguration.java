package io.mybella.chassis.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Makes a service accept only requests with a valid token of the gateway. Switched off by {@code
 * mybella.security.resource-server.enabled=false}, as the gateway does, which issues the tokens.
 */
@AutoConfiguration(
    before = {
      OAuth2ResourceServerAutoConfiguration.class,
      ServletWebSecurityAutoConfiguration.class,
      UserDetailsServiceAutoConfiguration.class
    })
@ConditionalOnProperty(
    name = "mybella.security.resource-server.enabled",
    havingValue = "true",
    matchIfMissing = true)
@EnableConfigurationProperties(SecurityProperties.class)
class ResourceServerAutoConfiguration {

  /** RFC 9068 media type of access tokens; anything else signed by the same key is no login. */
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  /** Well below the time for which the gateway publishes a new key before it signs with it. */
  private static final Duration KEYS_KEPT = Duration.ofMinutes(5);

  /** Who needs keys that are being fetched waits no longer than this. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private static final int FETCH_MILLIS = 3_000;
  private static final int MOST_BYTES = 50 * 1024;

  @Bean
  JwtDecoder jwtDecoder(SecurityProperties properties, Clock clock) throws MalformedURLException {
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSource(gatewayKeys(properties.jwksUri()))
            .jwsAlgorithm(SignatureAlgorithm.RS256)
            .jwtProcessorCustomizer(
                processor ->
                    processor.setJWSTypeVerifier(
                        new DefaultJOSEObjectTypeVerifier<>(Set.of(ACCESS_TOKEN))))
            .build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            new JwtTimestampValidator(),
            new JwtIssuerValidator(properties.issuer()),
            new JwtClaimValidator<List<String>>(
                JwtClaimNames.AUD,
                audience -> audience != null && audience.contains(properties.audience())),
            new JwtClaimValidator<>(JwtClaimNames.EXP, expiry -> expiry != null),
            new RoleClaimValidator()));
    return new VerifiedTokens(decoder, clock);
  }

  private static JWKSource<SecurityContext> gatewayKeys(String address)
      throws MalformedURLException {
    var published =
        new URLBasedJWKSetSource<SecurityContext>(
            URI.create(address).toURL(),
            new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, MOST_BYTES));
    var remembered =
        new CachingJWKSetSource<>(published, KEYS_KEPT.toMillis(), LONGEST_WAIT.toMillis(), null);
    return new JWKSetBasedJWKSource<>(new UnknownKeys(remembered));
  }

  @Bean
  SecurityFilterChain resourceServerFilterChain(
      HttpSecurity http, JwtDecoder decoder, ProblemWriter problems) {
    return http.authorizeHttpRequests(
            requests -> requests.requestMatchers("/error").permitAll().anyRequest().authenticated())
        .oauth2ResourceServer(
            server ->
                server
                    .authenticationConverter(new BearerTokens())
                    .jwt(jwt -> jwt.authenticationManager(verifying(decoder)))
                    .withObjectPostProcessor(refusing(problems)))
        .exceptionHandling(
            handling ->
                handling
                    .authenticationEntryPoint(
                        (request, response, _) -> refuse(problems, request, response, "Bearer"))
                    .accessDeniedHandler(
                        (request, response, _) ->
                            problems.write(
                                request, response, HttpStatus.FORBIDDEN, "This is not allowed")))
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }

  /**
   * Asks the decoder and no more: nobody listens to events of sign-ins, and what a user may do is
   * said by the token's role, not by authorities.
   */
  private static AuthenticationManager verifying(JwtDecoder decoder) {
    var provider = new JwtAuthenticationProvider(decoder);
    provider.setJwtAuthenticationConverter(token -> new JwtAuthenticationToken(token, List.of()));
    return provider::authenticate;
  }

  /** A token that is wrong is 401; while the gateway's keys cannot be had, nobody can tell: 503. */
  private static ObjectPostProcessor<BearerTokenAuthenticationFilter> refusing(
      ProblemWriter problems) {
    AuthenticationFailureHandler handler =
        (request, response, refusal) -> {
          if (refusal instanceof AuthenticationServiceException) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            problems.write(
                request,
                response,
                HttpStatus.SERVICE_UNAVAILABLE,
                "Sign-in cannot be checked at the moment; try again shortly");
          } else {
            refuse(problems, request, response, "Bearer error=\"invalid_token\"");
          }
        };
    return new ObjectPostProcessor<>() {
      @Override
      public <T extends BearerTokenAuthenticationFilter> T postProcess(T filter) {
        filter.setAuthenticationFailureHandler(handler);
        return filter;
      }
    };
  }

  /** Says how to sign in (RFC 6750, section 3), and no more of what is wrong with a token. */
  private static void refuse(
      ProblemWriter problems,
      HttpServletRequest request,
      HttpServletResponse response,
      String challenge)
      throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
    problems.write(request, response, HttpStatus.UNAUTHORIZED, "Sign in to continue");
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
  WebMvcConfigurer callerArguments() {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgumentResolver());
      }
    };
  }
}
