package io.mybella.gateway.session;

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

  QuietSessionRepository(FindByIndexNameSessionRepository<S> sessions) {
    this.sessions = sessions;
  }

  @Override
  public QuietSession<S> createSession() {
    return new QuietSession<>(sessions.createSession());
  }

  /** Writes only what changed: for most requests nothing. */
  @Override
  public void save(QuietSession<S> session) {
    sessions.save(session.session());
  }

  @Override
  public @Nullable QuietSession<S> findById(String id) {
    S found = sessions.findById(id);
    return found == null ? null : new QuietSession<>(found);
  }

  @Override
  public void deleteById(String id) {
    sessions.deleteById(id);
  }

  @Override
  public Map<String, QuietSession<S>> findByIndexNameAndIndexValue(
      String indexName, String indexValue) {
    return sessions.findByIndexNameAndIndexValue(indexName, indexValue).values().stream()
        .map(QuietSession::new)
        .collect(Collectors.toMap(QuietSession::getId, Function.identity()));
  }
}
