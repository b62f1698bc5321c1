package io.mybella.gateway.door.security.web;

import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.gateway.identity.credential.Credential;
import io.mybella.gateway.identity.credential.web.Credentials;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Signs a request in by its {@code Authorization: Bearer mb_…} header, or else by the cookie of its
 * session. A request that presents anything else in the header is refused, whatever cookie comes
 * along: nobody passes by a credential that was not checked. A cookie is looked at only when a rule
 * needs to know, so public pages cost no statement.
 */
final class CredentialFilter extends OncePerRequestFilter {

  private final Credentials credentials;
  private final ProblemWriter problems;

  CredentialFilter(Credentials credentials, ProblemWriter problems) {
    this.credentials = credentials;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      SecurityContextHolder.setDeferredContext(
          SingletonSupplier.of(() -> context(credentials.session(request))));
    } else {
      Optional<Credential> key = credentials.key(header);
      if (key.isEmpty()) {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        problems.write(
            request, response, HttpStatus.UNAUTHORIZED, "This key is not valid or was revoked");
        return;
      }
      SecurityContextHolder.setContext(context(key));
    }
    chain.doFilter(request, response);
  }

  private static SecurityContext context(Optional<Credential> credential) {
    var context = new SecurityContextImpl();
    credential.ifPresent(each -> context.setAuthentication(new CallerAuthentication(each)));
    return context;
  }
}
