package io.mybella.gateway.identity.account;

import io.mybella.chassis.security.Caller.Role;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A person who may sign in, as stored. The e-mail address is unique whatever its capitals.
 *
 * @param passwordHash null when the account's owner signs in elsewhere
 * @param version how often the password or the role was changed; sessions of one before are void
 */
record Account(
    long id,
    String name,
    String email,
    @Nullable String passwordHash,
    int version,
    Role role,
    boolean active,
    Instant createdAt) {

  /** The form in which addresses are kept and compared. */
  static String normalized(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  /** What others may know of this account. */
  AccountProfile profile() {
    return new AccountProfile(id, name, email, role, createdAt, passwordHash != null, version);
  }

  /** The hash of the password stays out of logs. */
  @Override
  public String toString() {
    return "Account[" + id + "]";
  }
}
