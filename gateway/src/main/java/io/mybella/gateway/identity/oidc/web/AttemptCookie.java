package io.mybella.gateway.identity.oidc.web;

import io.mybella.gateway.identity.oidc.OidcProperties;
import io.mybella.gateway.identity.oidc.OnProvider;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.ResponseCookie;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.crypto.encrypt.Encryptors;
import org.springframework.security.oauth2.client.jackson.OAuth2ClientJacksonModule;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps a sign-in that is under way in the browser it belongs to, encrypted (AES-256-GCM). The key
 * comes from the client secret, which all replicas share, so any of them can finish it; and nothing
 * is stored for people who never come back.
 */
@Component
@Conditional(OnProvider.class)
class AttemptCookie {

  private static final String NAME = "MYBELLA_OIDC";

  /** The browser sends it nowhere else. */
  private static final String PATH = "/api/auth/oidc";

  /** Long enough to find a password and a second factor. */
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  /** No secret itself; it only has to stay. */
  private static final String SALT = "b06f4d1e7a92c358";

  private static final JsonMapper JSON =
      JsonMapper.builder().addModule(new OAuth2ClientJacksonModule()).build();

  private final BytesEncryptor cipher;
  private final Clock clock;

  AttemptCookie(OidcProperties properties, Clock clock) {
    this.cipher = Encryptors.stronger(properties.clientSecret(), SALT);
    this.clock = clock;
  }

  /**
   * A sign-in between its start and the provider's answer.
   *
   * @param question as it went to the provider, with state, nonce and proof key; the answer is
   *     checked against it
   * @param returnTo the page to show at the end
   */
  record Attempt(OAuth2AuthorizationRequest question, String returnTo, Instant startedAt) {}

  ResponseCookie holding(
      OAuth2AuthorizationRequest question, String returnTo, HttpServletRequest request) {
    byte[] attempt = JSON.writeValueAsBytes(new Attempt(question, returnTo, clock.instant()));
    String sealed = Base64.getUrlEncoder().withoutPadding().encodeToString(cipher.encrypt(attempt));
    return cookie(sealed, LIFETIME, request);
  }

  /** Takes the cookie back: an attempt is good for one answer. */
  ResponseCookie removed(HttpServletRequest request) {
    return cookie("", Duration.ZERO, request);
  }

  /** The attempt of the browser, unless it is too old or was not made here. */
  Optional<Attempt> read(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, NAME);
    if (cookie == null) {
      return Optional.empty();
    }
    try {
      byte[] opened = cipher.decrypt(Base64.getUrlDecoder().decode(cookie.getValue()));
      return Optional.of(JSON.readValue(opened, Attempt.class))
          .filter(attempt -> attempt.startedAt().plus(LIFETIME).isAfter(clock.instant()));
    } catch (IllegalStateException | IllegalArgumentException | JacksonException foreign) {
      // As good as none.
      return Optional.empty();
    }
  }

  /** Lax, as the browser comes back from another site. */
  private static ResponseCookie cookie(String value, Duration age, HttpServletRequest request) {
    return ResponseCookie.from(NAME, value)
        .path(PATH)
        .maxAge(age)
        .httpOnly(true)
        .secure(request.isSecure())
        .sameSite("Lax")
        .build();
  }
}
