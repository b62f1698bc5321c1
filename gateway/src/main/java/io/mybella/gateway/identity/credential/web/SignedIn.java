package io.mybella.gateway.identity.credential.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.gateway.identity.credential.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.stereotype.Component;

/** The session of a request's browser. */
@Component
public final class SignedIn {

  private final Credentials credentials;
  private final Sessions sessions;
  private final SessionCookie cookie;
  private final CsrfTokenRepository csrfTokens;

  SignedIn(
      Credentials credentials,
      Sessions sessions,
      SessionCookie cookie,
      CsrfTokenRepository csrfTokens) {
    this.credentials = credentials;
    this.sessions = sessions;
    this.cookie = cookie;
    this.csrfTokens = csrfTokens;
  }

  /** When the session of the request began; the distant past when it has none. */
  public Instant since(HttpServletRequest request) {
    return credentials
        .session(request)
        .flatMap(own -> sessions.began(own.id()))
        .orElse(Instant.EPOCH);
  }

  /**
   * Signs the account in with a new session and a new CSRF token. A session that the request
   * brought along ends, so a secret planted by somebody else is worth nothing.
   *
   * @param version that the account had when its owner proved to be it
   * @throws Problem 401 when it has another one by now, or is gone
   */
  public void begin(
      HttpServletRequest request, HttpServletResponse response, long accountId, int version) {
    endSession(request);
    String userAgent = request.getHeader(HttpHeaders.USER_AGENT);
    String secret =
        sessions.begin(
            accountId, version, request.getRemoteAddr(), userAgent == null ? "" : userAgent);
    cookie.give(secret, request, response);
    csrfTokens.saveToken(csrfTokens.generateToken(request), request, response);
  }

  /** Ends the session of the request, on every replica, and takes the cookie away. */
  public void end(HttpServletRequest request, HttpServletResponse response) {
    endSession(request);
    if (cookie.isIn(request)) {
      cookie.take(request, response);
    }
  }

  private void endSession(HttpServletRequest request) {
    credentials.session(request).ifPresent(own -> sessions.end(own.caller().userId(), own.id()));
  }
}
