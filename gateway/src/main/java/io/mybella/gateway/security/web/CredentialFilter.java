package io.mybella.gateway.security.web;

import io.mybella.chassis.problem.ProblemWriter;
import io.mybella.gateway.credential.Credential;
import io.mybella.gateway.credential.Credential.Kind;
import io.mybella.gateway.credential.Credentials;
import io.mybella.gateway.credential.web.SignedIn;
import io.mybella.gateway.identity.CallerAuthentication;
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

  private static final String SCHEME = "bearer ";

  private final Credentials credentials;
  private final SignedIn signedIn;
  private final ProblemWriter problems;

  CredentialFilter(Credentials credentials, SignedIn signedIn, ProblemWriter problems) {
    this.credentials = credentials;
    this.signedIn = signedIn;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      SecurityContextHolder.setDeferredContext(
          SingletonSupplier.of(() -> context(signedIn.session(request))));
    } else {
      Optional<Credential> key = key(header);
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

  private Optional<Credential> key(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? credentials.recognise(Kind.KEY, header.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  private static SecurityContext context(Optional<Credential> credential) {
    var context = new SecurityContextImpl();
    credential.ifPresent(each -> context.setAuthentication(new CallerAuthentication(each)));
    return context;
  }
}
