package io.mybella.gateway.identity.oidc.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.gateway.identity.oidc.OidcProperties;
import io.mybella.gateway.identity.oidc.OnProvider;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.ResponseCookie;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.crypto.encrypt.Encryptors;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * Keeps a sign-in that is under way in the browser it belongs to, encrypted (AES-256-GCM). The key
 * comes from the client secret, which all replicas share, so any of them can finish it; and nothing
 * is stored for people who never come back.
 */
@Component
@Conditional(OnProvider.class)
class AttemptCookie {

  static final String NAME = "MYBELLA_OIDC";

  /** The browser sends it nowhere else. */
  private static final String PATH = "/api/auth/oidc";

  /** Long enough to find a password and a second factor. */
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  /** No secret itself; it only has to stay. */
  private static final String SALT = "b06f4d1e7a92c358";

  private final BytesEncryptor cipher;
  private final Clock clock;

  AttemptCookie(OidcProperties properties, Clock clock) {
    this.cipher = Encryptors.stronger(properties.clientSecret(), SALT);
    this.clock = clock;
  }

  ResponseCookie holding(Attempt attempt, HttpServletRequest request) {
    byte[] sealed = cipher.encrypt(attempt.text().getBytes(UTF_8));
    return cookie(Base64.getUrlEncoder().withoutPadding().encodeToString(sealed), request)
        .maxAge(LIFETIME)
        .build();
  }

  /** Takes the cookie back: an attempt is good for one answer. */
  ResponseCookie removed(HttpServletRequest request) {
    return cookie("", request).maxAge(0).build();
  }

  /** The attempt of the browser, unless it is too old or was not made here. */
  Optional<Attempt> read(HttpServletRequest request) {
    Cookie cookie = WebUtils.getCookie(request, NAME);
    if (cookie == null) {
      return Optional.empty();
    }
    try {
      byte[] opened = cipher.decrypt(Base64.getUrlDecoder().decode(cookie.getValue()));
      return Attempt.parse(new String(opened, UTF_8))
          .filter(attempt -> attempt.startedAt().plus(LIFETIME).isAfter(clock.instant()));
    } catch (IllegalStateException | IllegalArgumentException foreign) {
      // As good as none.
      return Optional.empty();
    }
  }

  /** Lax, as the browser comes back from another site. */
  private static ResponseCookie.ResponseCookieBuilder cookie(
      String value, HttpServletRequest request) {
    return ResponseCookie.from(NAME, value)
        .path(PATH)
        .httpOnly(true)
        .secure(request.isSecure())
        .sameSite("Lax");
  }
}
