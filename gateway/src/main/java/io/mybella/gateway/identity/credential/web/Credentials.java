package io.mybella.gateway.identity.credential.web;

import io.mybella.gateway.identity.credential.Credential;
import io.mybella.gateway.identity.credential.Credential.Kind;
import io.mybella.gateway.identity.credential.CredentialVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What a request brings along to prove whose it is: all that the door asks of this half. */
@Component
public final class Credentials {

  private static final String SCHEME = "bearer ";

  private final CredentialVerifier verifier;
  private final SessionCookie cookie;

  Credentials(CredentialVerifier verifier, SessionCookie cookie) {
    this.verifier = verifier;
    this.cookie = cookie;
  }

  /**
   * The key in an {@code Authorization} header; empty when it is none that is good.
   *
   * @param header such as {@code Bearer mb_…}
   */
  public Optional<Credential> key(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? verifier.recognise(Kind.KEY, header.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  /** The session that the request belongs to; empty when it has none that is good. */
  public Optional<Credential> session(HttpServletRequest request) {
    return cookie.secrets(request).stream()
        .flatMap(secret -> verifier.recognise(Kind.SESSION, secret).stream())
        .findFirst();
  }

  /** Whether the request has the cookie of a session, whatever it is worth. */
  public boolean hasSession(HttpServletRequest request) {
    return cookie.isIn(request);
  }
}
