package io.mybella.gateway.identity.importing;

import io.mybella.gateway.identity.account.AccountIntake;
import io.mybella.gateway.identity.account.Newcomer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row that may become an account, with what had to be changed so that it can.
 *
 * @param own its own address in normal form; null when it cannot be used
 * @param fallback the other one in normal form; null when there is none that can be used
 */
record Candidate(AccountRow row, @Nullable String own, @Nullable String fallback) {

  private static final int SHORTEST_EMAIL = 3;

  /** What the sign-in takes for an address: one line. */
  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]*");

  static Candidate of(AccountRow row) {
    return new Candidate(row, usable(row.email()), usable(row.fallbackEmail()));
  }

  /** The addresses that it could have. */
  Stream<String> emails() {
    return Stream.of(own, fallback).filter(each -> each != null);
  }

  /** The account that it becomes with this address. */
  Newcomer with(String email, Instant now) {
    Instant created = row.createdAt();
    return new Newcomer(
        row.oldId(),
        name(email),
        email,
        verifiableHash(),
        row.roleOrUser(),
        row.isActive(),
        created == null || created.isBefore(Instant.EPOCH) || created.isAfter(now) ? now : created);
  }

  /** What is said of a row that became an account; null when all is as it was. */
  @Nullable String changes(String email, long id) {
    List<String> changes = new ArrayList<>();
    if (row.oldId() != null && row.oldId() != id) {
      changes.add("has another number: %d is taken or was somebody's".formatted(row.oldId()));
    }
    if (!email.equals(own)) {
      changes.add("has the address that was given for this case: its own cannot be used");
    }
    if (row.name() == null || !name(email).equals(row.name().strip())) {
      changes.add("its name was mended to what may stand there");
    }
    if (row.passwordHash() != null && verifiableHash() == null) {
      changes.add("has no password: its hash is of a kind that cannot be checked");
    }
    return changes.isEmpty() ? null : String.join("; ", changes);
  }

  private @Nullable String verifiableHash() {
    String hash = row.passwordHash();
    return hash != null && AccountIntake.canVerify(hash) ? hash : null;
  }

  /** Who has no name is called by what stands before the @ of the address. */
  private String name(String email) {
    String name = row.name() == null ? "" : AccountIntake.mended(row.name());
    return name.isEmpty() ? AccountIntake.mended(AccountIntake.mailbox(email)) : name;
  }

  private static @Nullable String usable(@Nullable String email) {
    if (email == null || !ONE_LINE.matcher(email.strip()).matches()) {
      return null;
    }
    String normalized = AccountIntake.normalized(email);
    return normalized.length() < SHORTEST_EMAIL || normalized.length() > AccountIntake.LONGEST_EMAIL
        ? null
        : normalized;
  }
}
