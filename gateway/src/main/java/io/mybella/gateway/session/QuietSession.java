package io.mybella.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * A session that notes its use only once a while. Every request would otherwise write a row; with
 * an idle time of days, a minute more or less does not matter.
 *
 * @param <S> the kind of session behind it
 */
final class QuietSession<S extends Session> implements Session {

  /** How far the noted last use may lag behind. */
  static final Duration LAG = Duration.ofMinutes(1);

  private final S session;
  private boolean stored;

  /**
   * @param stored false for one that begins
   */
  QuietSession(S session, boolean stored) {
    this.session = session;
    this.stored = stored;
  }

  /** Notes that it is stored now; whether it was before. */
  boolean store() {
    boolean before = stored;
    stored = true;
    return before;
  }

  S session() {
    return session;
  }

  @Override
  public void setLastAccessedTime(Instant lastAccessedTime) {
    if (session.getLastAccessedTime().plus(LAG).isBefore(lastAccessedTime)) {
      session.setLastAccessedTime(lastAccessedTime);
    }
  }

  @Override
  public String getId() {
    return session.getId();
  }

  @Override
  public String changeSessionId() {
    return session.changeSessionId();
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has it
  public <T> @Nullable T getAttribute(String attributeName) {
    return session.getAttribute(attributeName);
  }

  @Override
  public Set<String> getAttributeNames() {
    return session.getAttributeNames();
  }

  @Override
  public void setAttribute(String attributeName, Object attributeValue) {
    session.setAttribute(attributeName, attributeValue);
  }

  @Override
  public void removeAttribute(String attributeName) {
    session.removeAttribute(attributeName);
  }

  @Override
  public Instant getCreationTime() {
    return session.getCreationTime();
  }

  @Override
  public Instant getLastAccessedTime() {
    return session.getLastAccessedTime();
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    session.setMaxInactiveInterval(interval);
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return session.getMaxInactiveInterval();
  }

  @Override
  public boolean isExpired() {
    return session.isExpired();
  }
}
