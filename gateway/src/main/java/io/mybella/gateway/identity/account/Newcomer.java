package io.mybella.gateway.identity.account;

import io.mybella.chassis.security.Caller.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account that was opened elsewhere and is to be taken in.
 *
 * @param wantedId the number it had; it keeps it where it is free
 * @param email of nobody else who is taken in with it
 * @param passwordHash as it was there; null when there is none that {@link AccountIntake#canVerify
 *     can be verified}
 * @param active whether its owner may sign in
 */
public record Newcomer(
    @Nullable Long wantedId,
    String name,
    String email,
    @Nullable String passwordHash,
    Role role,
    boolean active,
    Instant createdAt) {

  /** The hash of the password stays out of logs, and so does who it is. */
  @Override
  public String toString() {
    return "Newcomer[" + wantedId + "]";
  }
}
