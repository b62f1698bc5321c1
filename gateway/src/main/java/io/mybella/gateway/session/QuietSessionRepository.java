package io.mybella.gateway.session;

import io.mybella.gateway.account.Accounts;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * Hands out {@link QuietSession}s of another repository.
 *
 * @param <S> the kind of session of that repository
 */
final class QuietSessionRepository<S extends Session>
    implements FindByIndexNameSessionRepository<QuietSession<S>> {

  private final FindByIndexNameSessionRepository<S> sessions;
  private final Accounts accounts;

  QuietSessionRepository(FindByIndexNameSessionRepository<S> sessions, Accounts accounts) {
    this.sessions = sessions;
    this.accounts = accounts;
  }

  @Override
  public QuietSession<S> createSession() {
    return new QuietSession<>(sessions.createSession(), false);
  }

  /**
   * Writes only what changed: for most requests nothing. A session that begins ends at once when
   * the password changed since the sign-in: whoever changed it could not see this session yet.
   */
  @Override
  public void save(QuietSession<S> session) {
    sessions.save(session.session());
    if (!session.store()) {
      SignedIn signedIn = SignedIn.of(session);
      if (signedIn != null
          && !accounts.hasPassword(signedIn.caller().userId(), signedIn.passwordVersion())) {
        sessions.deleteById(session.getId());
      }
    }
  }

  @Override
  public @Nullable QuietSession<S> findById(String id) {
    S found = sessions.findById(id);
    return found == null ? null : new QuietSession<>(found, true);
  }

  @Override
  public void deleteById(String id) {
    sessions.deleteById(id);
  }

  @Override
  public Map<String, QuietSession<S>> findByIndexNameAndIndexValue(
      String indexName, String indexValue) {
    return sessions.findByIndexNameAndIndexValue(indexName, indexValue).values().stream()
        .map(session -> new QuietSession<>(session, true))
        .collect(Collectors.toMap(QuietSession::getId, Function.identity()));
  }
}
