package io.mybella.gateway.identity.oidc;

import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClientException;

/**
 * The OpenID Connect provider. It is asked for its addresses when somebody signs in, not at the
 * start: the gateway runs while the provider is away.
 */
@Component
@Conditional(OnProvider.class)
class Provider {

  private static final Logger log = LoggerFactory.getLogger(Provider.class);

  /** There is one; the name is seen by nobody. */
  private static final String REGISTRATION = "oidc";

  private static final String METADATA = "/.well-known/openid-configuration";

  /** How long the provider's addresses are believed. A failure to learn them is not kept. */
  private static final Duration KNOWN_FOR = Duration.ofHours(1);

  /** People who wait for the provider at the same time; a slow one must not collect them all. */
  private static final int CONVERSATIONS = 100;

  private static final int CODE_LENGTH = 60;
  private static final int MESSAGE_LENGTH = 300;

  private static final Set<String> DISTRUSTED = Set.of("invalid_id_token", "invalid_nonce");

  private static final ParameterizedTypeReference<Map<String, Object>> OBJECT =
      new ParameterizedTypeReference<>() {};

  private final OidcProperties properties;
  private final Clock clock;
  private final ProviderHttp http;
  private final Semaphore conversations = new Semaphore(CONVERSATIONS);

  private volatile @Nullable Known known;

  private record Known(
      ClientRegistration registration,
      OidcAuthorizationCodeAuthenticationProvider exchange,
      Instant until) {}

  Provider(OidcProperties properties, Clock clock) {
    this.properties = properties;
    this.clock = clock;
    this.http = new ProviderHttp(properties.timeout());
  }

  /**
   * Where and as whom to ask.
   *
   * @throws SignInRefusedException when the provider does not tell
   */
  ClientRegistration registration() {
    return converse(() -> known().registration());
  }

  /**
   * Exchanges the code of an answer for what the provider says of the person, and checks all of it:
   * state, signature, issuer, audience, times, nonce.
   *
   * @throws SignInRefusedException when anything of it fails
   */
  OidcUser identify(OAuth2AuthorizationExchange answer) {
    return converse(
        () -> {
          Known provider = known();
          Authentication proven =
              provider
                  .exchange()
                  .authenticate(
                      new OAuth2LoginAuthenticationToken(provider.registration(), answer));
          if (proven != null && proven.getPrincipal() instanceof OidcUser person) {
            return person;
          }
          throw new IllegalStateException("No OpenID Connect user");
        });
  }

  private <T> T converse(Supplier<T> conversation) {
    if (!conversations.tryAcquire()) {
      throw new SignInRefusedException(Reason.BUSY);
    }
    try {
      return conversation.get();
    } catch (OAuth2AuthenticationException failed) {
      throw refusal(failed);
    } catch (RuntimeException unreadable) {
      // What the libraries make of an answer that is none is of many kinds.
      log.warn("The OpenID Connect provider does not answer as it should: {}", root(unreadable));
      throw new SignInRefusedException(Reason.PROVIDER);
    } finally {
      conversations.release();
    }
  }

  /** Tells kinds of failures, not messages: those may repeat what the provider sent. */
  private static SignInRefusedException refusal(OAuth2AuthenticationException failed) {
    String code = failed.getError().getErrorCode();
    Reason reason = reason(failed, code);
    log.warn(
        "A sign-in with the OpenID Connect provider failed: {}, {}",
        printable(code),
        failed.getCause() instanceof JwtValidationException claims
            ? oneLine(claims.getMessage())
            : root(failed));
    return new SignInRefusedException(reason);
  }

  /** Tells the claims that are wrong; the provider made them up. */
  private static String oneLine(@Nullable String message) {
    String text = String.valueOf(message).replaceAll("\\p{Cntrl}", "?");
    return text.substring(0, Math.min(MESSAGE_LENGTH, text.length()));
  }

  /** An error code as the log may hold it, whoever made it up. */
  static String printable(@Nullable String code) {
    String text = String.valueOf(code).replaceAll("[^A-Za-z0-9_.-]", "?");
    return text.substring(0, Math.min(CODE_LENGTH, text.length()));
  }

  private static Reason reason(OAuth2AuthenticationException failed, String code) {
    if (isOfTransport(failed)) {
      return Reason.PROVIDER;
    }
    if (code.equals(OAuth2ErrorCodes.INVALID_GRANT)) {
      return Reason.STALE;
    }
    return DISTRUSTED.contains(code) ? Reason.UNTRUSTED : Reason.PROVIDER;
  }

  private static boolean isOfTransport(Throwable failed) {
    for (Throwable each = failed; each != null; each = each.getCause()) {
      if (each instanceof RestClientException || each instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static String root(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName();
  }

  private Known known() {
    Known before = known;
    if (before != null && clock.instant().isBefore(before.until())) {
      return before;
    }
    Known now = discover();
    known = now;
    return now;
  }

  private Known discover() {
    String issuer = properties.issuer();
    String folder = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    Map<String, Object> metadata =
        http.client().build().get().uri(URI.create(folder + METADATA)).retrieve().body(OBJECT);
    if (metadata == null || !issuer.equals(metadata.get("issuer"))) {
      log.warn("What is at {} calls itself another issuer than mybella.oidc.issuer", folder);
      throw new IllegalStateException("Another issuer");
    }
    ClientRegistration registration =
        ClientRegistrations.fromOidcConfiguration(metadata)
            .registrationId(REGISTRATION)
            .clientId(properties.clientId())
            .clientSecret(properties.clientSecret())
            .scope(properties.scopeSet())
            .redirectUri(
                properties.redirectUri().isBlank()
                    ? "{baseUrl}/api/auth/oidc/callback"
                    : properties.redirectUri())
            .clientSettings(
                ClientRegistration.ClientSettings.builder().requireProofKey(true).build())
            .build();
    requireComplete(registration.getProviderDetails());
    return new Known(registration, exchange(registration), clock.instant().plus(KNOWN_FOR));
  }

  private static void requireComplete(ClientRegistration.ProviderDetails addresses) {
    if (addresses.getAuthorizationUri() == null
        || addresses.getTokenUri() == null
        || addresses.getJwkSetUri() == null) {
      throw new IllegalStateException("The provider does not tell all its addresses");
    }
  }

  private OidcAuthorizationCodeAuthenticationProvider exchange(ClientRegistration registration) {
    var tokens = new RestClientAuthorizationCodeTokenResponseClient();
    tokens.setRestClient(
        http.client()
            .configureMessageConverters(
                converters ->
                    converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
            .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
            .build());
    var template = http.template();
    template.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
    var userInfo = new DefaultOAuth2UserService();
    userInfo.setRestOperations(template);
    var persons = new OidcUserService();
    persons.setOauth2UserService(userInfo);
    var exchange = new OidcAuthorizationCodeAuthenticationProvider(tokens, persons);
    JwtDecoder decoder = decoder(registration);
    exchange.setJwtDecoderFactory(_ -> decoder);
    return exchange;
  }

  /** Keys are kept for minutes, and asked for anew when a token names one that is not known. */
  private JwtDecoder decoder(ClientRegistration registration) {
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSetUri(
                Objects.requireNonNull(registration.getProviderDetails().getJwkSetUri()))
            .restOperations(http.template())
            // Signatures with public keys only; which of them is up to the provider's keys.
            .jwsAlgorithms(all -> all.addAll(List.of(SignatureAlgorithm.values())))
            .build();
    var times = new JwtTimestampValidator();
    times.setClock(clock);
    var claims = new OidcIdTokenValidator(registration);
    claims.setClock(clock);
    decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(times, claims));
    return decoder;
  }
}
