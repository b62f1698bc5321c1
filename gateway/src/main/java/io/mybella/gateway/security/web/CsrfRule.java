package io.mybella.gateway.security.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.util.WebUtils;

/**
 * Which requests must prove that they come from our own pages: those that change something and
 * whose sender a browser names by itself, and those that sign somebody in. A request with a key in
 * its header cannot be forged by a foreign page; one without any credential gets 401, which says
 * more than 403.
 */
final class CsrfRule implements RequestMatcher {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Set<String> SIGNING_IN = Set.of("/api/auth/login", "/api/auth/register");

  private final String sessionCookie;

  CsrfRule(String sessionCookie) {
    this.sessionCookie = sessionCookie;
  }

  @Override
  public boolean matches(HttpServletRequest request) {
    return !SAFE.contains(request.getMethod())
        && request.getHeader(HttpHeaders.AUTHORIZATION) == null
        && (WebUtils.getCookie(request, sessionCookie) != null
            || SIGNING_IN.contains(request.getRequestURI()));
  }
}
