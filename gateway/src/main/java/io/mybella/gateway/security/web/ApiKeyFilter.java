package io.mybella.gateway.security.web;

import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.gateway.apikey.ApiKeys;
import io.mybella.gateway.identity.CallerAuthentication;
import io.mybella.gateway.identity.CallerAuthentication.Means;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Signs a request in by its {@code Authorization: Bearer mb_…} header. A request that presents
 * anything else there is refused, whatever cookie comes along: nobody passes by a credential that
 * was not checked.
 */
final class ApiKeyFilter extends OncePerRequestFilter {

  private static final String SCHEME = "bearer ";

  private final ApiKeys keys;
  private final ProblemWriter problems;

  ApiKeyFilter(ApiKeys keys, ProblemWriter problems) {
    this.keys = keys;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getHeader(HttpHeaders.AUTHORIZATION) == null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var caller =
        Optional.ofNullable(secret(request.getHeader(HttpHeaders.AUTHORIZATION)))
            .flatMap(keys::recognise);
    if (caller.isEmpty()) {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
      problems.write(
          request, response, HttpStatus.UNAUTHORIZED, "This key is not valid or was revoked");
      return;
    }
    SecurityContextHolder.setContext(
        new SecurityContextImpl(new CallerAuthentication(caller.get(), Means.API_KEY)));
    chain.doFilter(request, response);
  }

  private static @Nullable String secret(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }
}
