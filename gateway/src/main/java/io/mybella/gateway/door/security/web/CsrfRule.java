package io.mybella.gateway.door.security.web;

import io.mybella.gateway.identity.credential.web.Credentials;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Which requests must prove that they come from our own pages: those that change something and
 * whose sender a browser names by itself, and those that sign somebody in. A request with a key in
 * its header cannot be forged by a foreign page; one without any credential gets 401, which says
 * more than 403.
 */
final class CsrfRule implements RequestMatcher {

  /**
   * Judges the decoded path, as whoever routes the request does: it can be written in many ways.
   */
  private static final RequestMatcher SIGNING_IN =
      new OrRequestMatcher(
          PathPatternRequestMatcher.pathPattern("/api/auth/login"),
          PathPatternRequestMatcher.pathPattern("/api/auth/register"));

  private final Credentials credentials;

  CsrfRule(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public boolean matches(HttpServletRequest request) {
    return CsrfFilter.DEFAULT_CSRF_MATCHER.matches(request)
        && request.getHeader(HttpHeaders.AUTHORIZATION) == null
        && (credentials.hasSession(request) || SIGNING_IN.matches(request));
  }
}
