package io.mybella.gateway.identity;

import io.mybella.chassis.security.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller who has proved who they are. */
public final class CallerAuthentication extends AbstractAuthenticationToken {

  /** How callers prove who they are. */
  public enum Means {
    /** The cookie of a browser session. */
    SESSION,
    /** A key in the {@code Authorization} header. */
    API_KEY
  }

  private static final List<SimpleGrantedAuthority> USER =
      List.of(new SimpleGrantedAuthority("ROLE_USER"));
  private static final List<SimpleGrantedAuthority> ADMIN =
      List.of(new SimpleGrantedAuthority("ROLE_USER"), new SimpleGrantedAuthority("ROLE_ADMIN"));

  private final transient Caller caller;
  private final Means means;

  /**
   * Says that the caller was recognised.
   *
   * @param caller who it is
   * @param means how they proved it
   */
  public CallerAuthentication(Caller caller, Means means) {
    super(caller.isAdmin() ? ADMIN : USER);
    this.caller = caller;
    this.means = means;
    setAuthenticated(true);
  }

  /** How the caller proved who they are. */
  public Means means() {
    return means;
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public @Nullable Object getCredentials() {
    return null;
  }

  @Override
  public String getName() {
    return Long.toString(caller.userId());
  }
}
