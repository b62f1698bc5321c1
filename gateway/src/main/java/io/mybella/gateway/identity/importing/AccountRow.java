package io.mybella.gateway.identity.importing;

import io.mybella.chassis.operator.RowResults;
import io.mybella.chassis.security.Caller.Role;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as an old installation had it.
 *
 * @param key names the row
 * @param oldId its number there; null where it has none
 * @param role {@code user} or {@code admin}; null is a user
 * @param active whether its owner may sign in; null means yes
 * @param createdAt null or senseless means now
 * @param fallbackEmail the address of the account where its own cannot be used; null for none
 */
public record AccountRow(
    @NotNull @Pattern(regexp = RowResults.KEY) String key,
    @Nullable @Positive Long oldId,
    @Nullable @Size(max = LONGEST) String name,
    @Nullable @Size(max = LONGEST) String email,
    @Nullable @Size(max = LONGEST) String passwordHash,
    @Nullable @Pattern(regexp = "user|admin", message = "must be user or admin") String role,
    @Nullable Boolean active,
    @Nullable Instant createdAt,
    @Nullable @Size(max = LONGEST) String fallbackEmail) {

  /** What is longer is no account, and is refused instead of mended. */
  private static final int LONGEST = 10_000;

  Role roleOrUser() {
    return role == null ? Role.USER : Role.of(role);
  }

  boolean isActive() {
    return active == null || active;
  }

  /** Never tells who it is, wherever it may be printed. */
  @Override
  public String toString() {
    return "AccountRow[" + key + "]";
  }
}
