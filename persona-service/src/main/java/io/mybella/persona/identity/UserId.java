package io.mybella.persona.identity;

import io.mybella.chassis.security.Caller;
import org.jspecify.annotations.Nullable;

/**
 * A user, as the gateway numbers them.
 *
 * @param value positive; 0 is {@link #NOBODY}
 */
public record UserId(long value) {

  /** Stands for whoever deleted an account, and for the owner of what belongs to the system. */
  public static final UserId NOBODY = new UserId(0);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public UserId {
    if (value < 0) {
      throw new IllegalArgumentException("No user has the id " + value);
    }
  }

  /** The user a request is made for. */
  public static UserId of(Caller caller) {
    return new UserId(caller.userId());
  }

  /** The user of a column that may be empty; null when it is. */
  public static @Nullable UserId ofNullable(@Nullable Long value) {
    return value == null ? null : new UserId(value);
  }

  /** The number. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
