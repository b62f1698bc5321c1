package io.mybella.chassis.security;

/**
 * The authenticated user a request is made for. A controller method parameter of this type is
 * resolved from the verified token, never from the path, a header or a body.
 *
 * @param userId the user's id, positive
 * @param role what the user may do
 */
public record Caller(long userId, Role role) {

  /** The roles an account can have. */
  public enum Role {
    USER,
    ADMIN
  }

  /** Whether the caller may change what belongs to the system. */
  public boolean isAdmin() {
    return role == Role.ADMIN;
  }
}
