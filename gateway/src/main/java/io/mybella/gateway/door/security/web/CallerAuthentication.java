package io.mybella.gateway.door.security.web;

import io.mybella.chassis.security.Caller;
import io.mybella.gateway.identity.credential.Credential;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller who has proved who they are. */
final class CallerAuthentication extends AbstractAuthenticationToken {

  private static final List<SimpleGrantedAuthority> USER =
      List.of(new SimpleGrantedAuthority("ROLE_USER"));
  private static final List<SimpleGrantedAuthority> ADMIN =
      List.of(new SimpleGrantedAuthority("ROLE_USER"), new SimpleGrantedAuthority("ROLE_ADMIN"));

  private final transient Credential credential;

  /**
   * Says that the caller was recognised.
   *
   * @param credential what they brought along
   */
  CallerAuthentication(Credential credential) {
    super(credential.caller().isAdmin() ? ADMIN : USER);
    this.credential = credential;
    setAuthenticated(true);
  }

  /** How the caller proved who they are. */
  Credential.Kind kind() {
    return credential.kind();
  }

  @Override
  public Caller getPrincipal() {
    return credential.caller();
  }

  @Override
  public @Nullable Object getCredentials() {
    return null;
  }

  @Override
  public String getName() {
    return Long.toString(credential.caller().userId());
  }
}
