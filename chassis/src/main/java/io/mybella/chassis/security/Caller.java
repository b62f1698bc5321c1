package io.mybella.chassis.security;

import java.util.Locale;

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
    ADMIN;

    /** The role as tokens, answers and databases spell it, in lower case. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role that is spelled so.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Role of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** Whether the caller may change what belongs to the system. */
  public boolean isAdmin() {
    return role == Role.ADMIN;
  }
}
