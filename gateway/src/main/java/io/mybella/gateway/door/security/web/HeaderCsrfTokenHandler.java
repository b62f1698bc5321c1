package io.mybella.gateway.door.security.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;

/**
 * Takes the token from the header alone and sees to it that pages and API answers hand out the
 * cookie it comes from. Looking for a form parameter, as Spring Security does otherwise, would read
 * bodies that are meant for the services.
 */
final class HeaderCsrfTokenHandler extends CsrfTokenRequestAttributeHandler {

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
    super.handle(request, response, token);
    if (request.getHeader(HttpHeaders.AUTHORIZATION) == null && isForBrowsers(request)) {
      // Makes the repository write the cookie when the browser has none.
      token.get().getToken();
    }
  }

  @Override
  public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
    return request.getHeader(token.getHeaderName());
  }

  /** Static files and probes stay without cookies, so that they can be cached. */
  private static boolean isForBrowsers(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.equals("/")
        || path.equals("/login")
        || path.startsWith("/users/")
        || path.startsWith("/api/")
        || path.equals("/docs");
  }
}
