package io.mybella.chassis.operator;

import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets the operator pass, who is known by one secret token. Whoever comes by way of a proxy finds
 * nothing: these paths are for the inside, and a proxy that passes them on was set up wrongly.
 */
final class OperatorFilter extends OncePerRequestFilter {

  private static final String SCHEME = "bearer ";

  private final OperatorProperties settings;
  private final ProblemWriter problems;

  OperatorFilter(OperatorProperties settings, ProblemWriter problems) {
    this.settings = settings;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!settings.hasToken() || request.getAttribute(ForwardedMark.FORWARDED) != null) {
      problems.write(request, response, HttpStatus.NOT_FOUND, "There is nothing here");
      return;
    }
    if (!isToken(request.getHeader(HttpHeaders.AUTHORIZATION))) {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      problems.write(
          request, response, HttpStatus.UNAUTHORIZED, "The operator's token is missing or wrong");
      return;
    }
    SecurityContextHolder.setContext(
        new SecurityContextImpl(
            new PreAuthenticatedAuthenticationToken("operator", "", List.of())));
    chain.doFilter(request, response);
  }

  /** Takes as long for every text of one length, wherever it differs. */
  private boolean isToken(@Nullable String header) {
    return header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
            settings.token().getBytes(StandardCharsets.UTF_8));
  }
}
