package io.mybella.chassis.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Finds the token of a request, in its header and nowhere else (RFC 6750, section 2.1). Decides as
 * Spring Security's own way does, which matches a regular expression with each token, and notes no
 * address or session, which nobody asks for.
 */
final class BearerTokens implements AuthenticationConverter {

  private static final String SCHEME = "Bearer";
  private static final int START = SCHEME.length() + 1;

  /** Looked up: in which range a character of a token is, no processor can foresee. */
  private static final boolean[] OF_TOKEN = new boolean[128];

  static {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
        .chars()
        .forEach(c -> OF_TOKEN[c] = true);
  }

  /**
   * The token that was sent; null without one.
   *
   * @throws OAuth2AuthenticationException when it has characters that no token has
   */
  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    if (!isWellFormed(header)) {
      throw new OAuth2AuthenticationException(
          BearerTokenErrors.invalidToken("Bearer token is malformed"));
    }
    return new BearerTokenAuthenticationToken(header.substring(START));
  }

  /** One space, characters of a token, and nothing but padding after them. */
  private static boolean isWellFormed(String header) {
    int end = header.length();
    while (end > START && header.charAt(end - 1) == '=') {
      end--;
    }
    if (end <= START || header.charAt(SCHEME.length()) != ' ') {
      return false;
    }
    for (int i = START; i < end; i++) {
      char c = header.charAt(i);
      if (c >= OF_TOKEN.length || !OF_TOKEN[c]) {
        return false;
      }
    }
    return true;
  }
}
