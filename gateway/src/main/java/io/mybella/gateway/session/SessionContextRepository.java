package io.mybella.gateway.session;

import io.mybella.gateway.identity.CallerAuthentication;
import io.mybella.gateway.identity.CallerAuthentication.Means;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/**
 * Tells Spring Security who is signed in with the session of a request. Spring Security asks only
 * when a rule needs to know, so public pages cost no statement.
 */
@Component
class SessionContextRepository implements SecurityContextRepository {

  private final Sessions sessions;

  SessionContextRepository(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  @Deprecated
  @SuppressWarnings("deprecation") // the interface still asks for it
  public SecurityContext loadContext(HttpRequestResponseHolder holder) {
    return context(holder.getRequest());
  }

  /** Signing in writes the session itself; nothing is left to save. */
  @Override
  public void saveContext(
      SecurityContext context, HttpServletRequest request, HttpServletResponse response) {}

  @Override
  public boolean containsContext(HttpServletRequest request) {
    return sessions.caller(request).isPresent();
  }

  private SecurityContext context(HttpServletRequest request) {
    var context = new SecurityContextImpl();
    sessions
        .caller(request)
        .ifPresent(
            caller -> context.setAuthentication(new CallerAuthentication(caller, Means.SESSION)));
    return context;
  }
}
