package io.mybella.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.chassis.security.Caller;
import io.mybella.gateway.account.AccountFact;
import io.mybella.gateway.account.AccountProfile;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Service;

/** Begins and ends browser sessions. */
@Service
public class Sessions {

  private final FindByIndexNameSessionRepository<? extends Session> sessions;
  private final CsrfTokenRepository csrfTokens;

  Sessions(
      FindByIndexNameSessionRepository<? extends Session> sessions,
      CsrfTokenRepository csrfTokens) {
    this.sessions = sessions;
    this.csrfTokens = csrfTokens;
  }

  /**
   * A session as its owner may see it.
   *
   * @param id names the session without being good for signing in
   * @param current whether the request that asks belongs to it
   */
  public record View(
      String id,
      Instant createdAt,
      Instant lastUsedAt,
      String address,
      String userAgent,
      boolean current) {}

  /**
   * Signs the caller in with a new session and a new CSRF token. A session that the request brought
   * along ends, so an id planted by somebody else is worth nothing. When the password changes
   * meanwhile, the new session ends as well.
   */
  public void begin(
      HttpServletRequest request, HttpServletResponse response, AccountProfile profile) {
    end(request);
    HttpSession session = request.getSession(true);
    String userAgent = request.getHeader("User-Agent");
    session.setAttribute(
        SignedIn.ATTRIBUTE,
        new SignedIn(
                profile.caller(),
                profile.passwordVersion(),
                request.getRemoteAddr(),
                userAgent == null ? "" : userAgent)
            .line());
    csrfTokens.saveToken(csrfTokens.generateToken(request), request, response);
  }

  /** Ends the session of the request, on every replica; without one nothing happens. */
  public void end(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.invalidate();
    }
  }

  /** Who is signed in with the session of the request. */
  public Optional<Caller> caller(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null && session.getAttribute(SignedIn.ATTRIBUTE) instanceof String line) {
      return Optional.ofNullable(SignedIn.parse(line)).map(SignedIn::caller);
    }
    return Optional.empty();
  }

  /** When the session of the request began; the distant past when it has none. */
  public Instant began(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null ? Instant.EPOCH : Instant.ofEpochMilli(session.getCreationTime());
  }

  /** The sessions of the account, the most recently used first. */
  public List<View> of(long accountId, HttpServletRequest request) {
    HttpSession current = request.getSession(false);
    return byAccount(accountId).values().stream()
        .filter(session -> !session.isExpired())
        .flatMap(session -> view(session, current).stream())
        .sorted(Comparator.comparing(View::lastUsedAt).reversed())
        .toList();
  }

  /**
   * Ends one session of the account, on every replica; false when the account has no such session.
   *
   * @param id as in {@link View}
   */
  public boolean end(long accountId, String id, HttpServletRequest request) {
    HttpSession current = request.getSession(false);
    for (String secret : byAccount(accountId).keySet()) {
      if (publicId(secret).equals(id)) {
        if (current != null && current.getId().equals(secret)) {
          // The browser is told as well.
          current.invalidate();
        } else {
          sessions.deleteById(secret);
        }
        return true;
      }
    }
    return false;
  }

  /** Whoever signed in with the password before is signed out. */
  @EventListener
  void endAll(AccountFact.PasswordChanged changed) {
    byAccount(changed.accountId()).keySet().forEach(sessions::deleteById);
  }

  /** What a session may do is written in it. */
  @EventListener
  void endAll(AccountFact.RoleChanged changed) {
    byAccount(changed.accountId()).keySet().forEach(sessions::deleteById);
  }

  private Map<String, ? extends Session> byAccount(long accountId) {
    return sessions.findByPrincipalName(Long.toString(accountId));
  }

  private static Optional<View> view(Session session, @Nullable HttpSession current) {
    return Optional.ofNullable(SignedIn.of(session))
        .map(
            signedIn ->
                new View(
                    publicId(session.getId()),
                    session.getCreationTime(),
                    session.getLastAccessedTime(),
                    signedIn.address(),
                    signedIn.userAgent(),
                    current != null && current.getId().equals(session.getId())));
  }

  private static String publicId(String secret) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
