package io.mybella.gateway.account;

import io.mybella.chassis.security.Caller.Role;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A person who may sign in. The e-mail address is unique whatever its capitals. */
@Entity
class Account {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private @Nullable Long id;

  private String name;
  private String email;
  private @Nullable String passwordHash;
  private int passwordVersion;

  @Convert(converter = RoleConverter.class)
  private Role role;

  private boolean active;
  private Instant createdAt;

  /** For JPA. */
  @SuppressWarnings("NullAway.Init")
  protected Account() {}

  /** A new, active account of an ordinary user. */
  Account(String name, String email, @Nullable String passwordHash, Instant createdAt) {
    this.name = name.strip();
    this.email = normalized(email);
    this.passwordHash = passwordHash;
    this.role = Role.USER;
    this.active = true;
    this.createdAt = createdAt;
  }

  /** The form in which addresses are kept and compared. */
  static String normalized(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  /** Null when the account's owner signs in elsewhere. */
  @Nullable String passwordHash() {
    return passwordHash;
  }

  /** The same password, hashed anew. */
  void rehash(String hash) {
    this.passwordHash = hash;
  }

  /** Another password: sign-ins with the one before are void. */
  void changePassword(String hash) {
    this.passwordHash = hash;
    this.passwordVersion++;
  }

  int passwordVersion() {
    return passwordVersion;
  }

  void become(Role newRole) {
    this.role = newRole;
  }

  Role role() {
    return role;
  }

  boolean active() {
    return active;
  }

  /** What others may know of this account; only of one that is stored. */
  AccountProfile profile() {
    if (id == null) {
      throw new IllegalStateException("The account is not stored yet");
    }
    return new AccountProfile(
        id, name, email, role, createdAt, passwordHash != null, passwordVersion);
  }
}
