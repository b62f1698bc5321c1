package io.mybella.gateway.identity.oidc;

import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.RequestEntity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
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
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * The OpenID Connect provider. It is asked for its addresses when somebody signs in, not at the
 * start: the gateway runs while the provider is away.
 */
@Component
@Conditional(OnProvider.class)
public class Provider {

  private static final Logger log = LoggerFactory.getLogger(Provider.class);

  /** There is one; the name is seen by nobody. */
  public static final String REGISTRATION = "oidc";

  private static final String METADATA = "/.well-known/openid-configuration";

  /** How long the provider's addresses are believed. A failure to learn them is not kept. */
  private static final Duration KNOWN_FOR = Duration.ofHours(1);

  /** People who wait for the provider at the same time; a slow one must not collect them all. */
  private static final int CONVERSATIONS = 100;

  private static final int CODE_LENGTH = 60;
  private static final int MESSAGE_LENGTH = 300;

  private static final ParameterizedTypeReference<Map<String, Object>> OBJECT =
      new ParameterizedTypeReference<>() {};

  private final OidcProperties properties;
  private final Clock clock;
  private final RestTemplate http;
  private final Semaphore conversations = new Semaphore(CONVERSATIONS);

  private volatile @Nullable Known known;

  private record Known(
      ClientRegistration registration,
      OidcAuthorizationCodeAuthenticationProvider exchange,
      Instant until) {}

  Provider(OidcProperties properties, Clock clock) {
    this.properties = properties;
    this.clock = clock;
    this.http = ProviderHttp.within(properties.timeout());
  }

  /**
   * Where and as whom to ask.
   *
   * @throws SignInRefusedException when the provider does not tell
   */
  public ClientRegistration registration() {
    return converse(() -> known().registration());
  }

  /**
   * Exchanges a code for what the provider says of the person, and checks all of it: signature,
   * issuer, audience, times, nonce.
   *
   * @param question that the code is the answer to
   * @throws SignInRefusedException when anything of it fails
   */
  ExternalPerson identify(OAuth2AuthorizationRequest question, String code) {
    var answer =
        OAuth2AuthorizationResponse.success(code)
            .redirectUri(Objects.requireNonNull(question.getRedirectUri()))
            .state(Objects.requireNonNull(question.getState()))
            .build();
    OidcUser person =
        converse(
            () -> {
              Known provider = known();
              var asked =
                  new OAuth2LoginAuthenticationToken(
                      provider.registration(), new OAuth2AuthorizationExchange(question, answer));
              Authentication proven =
                  Objects.requireNonNull(provider.exchange().authenticate(asked));
              return (OidcUser) Objects.requireNonNull(proven.getPrincipal());
            });
    return new ExternalPerson(properties.issuer(), person.getName(), person.getClaims());
  }

  /**
   * What an answer without a code means.
   *
   * @param error as the provider calls it (RFC 6749, section 4.1.2.1)
   */
  public static SignInRefusedException refusal(@Nullable String error) {
    if (OAuth2ErrorCodes.ACCESS_DENIED.equals(error)) {
      return new SignInRefusedException(Reason.DECLINED);
    }
    log.warn("The OpenID Connect provider refuses a sign-in: {}", printable(error));
    return new SignInRefusedException(Reason.PROVIDER);
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
    log.warn(
        "A sign-in with the OpenID Connect provider failed: {}, {}",
        printable(failed.getError().getErrorCode()),
        failed.getCause() instanceof JwtValidationException claims
            ? oneLine(claims.getMessage())
            : root(failed));
    return new SignInRefusedException(reason(failed));
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

  private static Reason reason(OAuth2AuthenticationException failed) {
    return switch (failed.getError().getErrorCode()) {
      case OAuth2ErrorCodes.INVALID_GRANT -> Reason.STALE;
      case "invalid_nonce" -> Reason.UNTRUSTED;
      // Keys that cannot be had say nothing about the token.
      case "invalid_id_token" ->
          failed.getCause() == null || failed.getCause() instanceof BadJwtException
              ? Reason.UNTRUSTED
              : Reason.PROVIDER;
      default -> Reason.PROVIDER;
    };
  }

  private static String root(Throwable failed) {
    return NestedExceptionUtils.getMostSpecificCause(failed).getClass().getSimpleName();
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
    URI address = URI.create(StringUtils.trimTrailingCharacter(issuer, '/') + METADATA);
    Map<String, Object> metadata =
        http.exchange(RequestEntity.get(address).build(), OBJECT).getBody();
    if (metadata == null || !issuer.equals(metadata.get("issuer"))) {
      log.warn("What is at {} calls itself another issuer than mybella.oidc.issuer", address);
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
    return new Known(registration, exchange(registration), clock.instant().plus(KNOWN_FOR));
  }

  private OidcAuthorizationCodeAuthenticationProvider exchange(ClientRegistration registration) {
    var tokens = new RestClientAuthorizationCodeTokenResponseClient();
    tokens.setRestClient(RestClient.create(http));
    var claims = new DefaultOAuth2UserService();
    claims.setRestOperations(http);
    var persons = new OidcUserService();
    persons.setOauth2UserService(claims);
    var exchange = new OidcAuthorizationCodeAuthenticationProvider(tokens, persons);
    JwtDecoder decoder = decoder(registration);
    exchange.setJwtDecoderFactory(_ -> decoder);
    return exchange;
  }

  /** Keys are kept for minutes, and asked for anew when a token names one that is not known. */
  private JwtDecoder decoder(ClientRegistration registration) {
    String keys = registration.getProviderDetails().getJwkSetUri();
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSetUri(Objects.requireNonNull(keys, "The provider has no keys"))
            .restOperations(http)
            // Signatures with public keys only; which of them is up to the provider's keys.
            .jwsAlgorithms(all -> all.addAll(List.of(SignatureAlgorithm.values())))
            .build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            new JwtTimestampValidator(), new OidcIdTokenValidator(registration)));
    return decoder;
  }
}
