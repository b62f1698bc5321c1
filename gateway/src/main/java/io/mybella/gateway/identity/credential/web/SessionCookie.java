package io.mybella.gateway.identity.credential.web;

import io.mybella.gateway.identity.credential.SessionProperties;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * The cookie that holds the secret of a session. Over https it is {@code Secure} and its name
 * begins with {@code __Host-} (RFC 6265bis, 4.1.3.2), so that no other host of the domain and no
 * page that came without https can plant one; the plain name means nothing there.
 */
@Component
final class SessionCookie {

  private static final String NAME = "MYBELLA_SESSION";
  private static final String HOST_NAME = "__Host-" + NAME;

  /**
   * Cookies of one request that are looked up, each by a statement: the browser's own, and one that
   * somebody else may have set for the domain.
   */
  private static final int MOST = 2;

  private final Duration lifetime;

  SessionCookie(SessionProperties sessions) {
    this.lifetime = sessions.lifetime();
  }

  /** Whether the request brings such a cookie along, whatever it is worth. */
  boolean isIn(HttpServletRequest request) {
    return cookies(request)
        .anyMatch(cookie -> cookie.getName().equals(NAME) || cookie.getName().equals(HOST_NAME));
  }

  /** What may be the secret of the request's session, in the order of its cookies. */
  List<String> secrets(HttpServletRequest request) {
    String name = name(request);
    return cookies(request)
        .filter(cookie -> cookie.getName().equals(name))
        .map(Cookie::getValue)
        .limit(MOST)
        .toList();
  }

  void give(String secret, HttpServletRequest request, HttpServletResponse response) {
    add(secret, lifetime, request, response);
  }

  void take(HttpServletRequest request, HttpServletResponse response) {
    add("", Duration.ZERO, request, response);
  }

  private static void add(
      String value, Duration age, HttpServletRequest request, HttpServletResponse response) {
    ResponseCookie cookie =
        ResponseCookie.from(name(request), value)
            // What the prefix asks for: everything on this host, and on no other.
            .path("/")
            .maxAge(age)
            .secure(request.isSecure())
            .httpOnly(true)
            .sameSite("Lax")
            .build();
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
  }

  private static String name(HttpServletRequest request) {
    return request.isSecure() ? HOST_NAME : NAME;
  }

  private static Stream<Cookie> cookies(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    return cookies == null ? Stream.of() : Stream.of(cookies);
  }
}
