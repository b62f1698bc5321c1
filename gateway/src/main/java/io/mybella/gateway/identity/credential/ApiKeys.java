package io.mybella.gateway.identity.credential;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.gateway.identity.credential.Credential.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The keys with which programs act for an account. */
@Service
public class ApiKeys {

  /** More keys than a person has programs; bounds what one account can make us keep. */
  private static final int MAX_PER_ACCOUNT = 50;

  private final CredentialRepository credentials;
  private final KnownCredentials known;
  private final IdGenerator ids;
  private final Clock clock;

  ApiKeys(CredentialRepository credentials, KnownCredentials known, IdGenerator ids, Clock clock) {
    this.credentials = credentials;
    this.known = known;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A key as its owner may see it later.
   *
   * @param lastUsedAt to the minute; null when it was never used
   */
  public record Entry(UUID id, String name, Instant createdAt, @Nullable Instant lastUsedAt) {}

  /**
   * A new key.
   *
   * @param key what the program presents; told only this once
   */
  public record Created(UUID id, String name, String key, Instant createdAt) {

    /** Never tells the secret, wherever it may be printed. */
    @Override
    public String toString() {
      return "Created[" + id + "]";
    }
  }

  /**
   * Makes a key for the account.
   *
   * @throws Problem 409 when the account has too many
   */
  @Transactional
  public Created create(long accountId, String name) {
    // Two requests at once must not both take the last place.
    credentials.lockAccount(accountId);
    if (list(accountId).size() >= MAX_PER_ACCOUNT) {
      throw Problem.conflict(
          "An account can have %d keys; revoke one first".formatted(MAX_PER_ACCOUNT));
    }
    Secret secret = Secret.make(Kind.KEY);
    var created = new Created(ids.next(), name.strip(), secret.text(), clock.instant());
    credentials.insertKey(
        created.id(), accountId, secret.hash(), created.createdAt(), created.name());
    return created;
  }

  /** The account's keys, oldest first. */
  public List<Entry> list(long accountId) {
    return credentials.keys(accountId);
  }

  /** Takes a key out of use for good; false when the account has no such key. */
  public boolean revoke(long accountId, UUID id) {
    boolean revoked = credentials.delete(id, accountId, Kind.KEY);
    // Here at once; the other replicas hear of it.
    known.forget(accountId);
    return revoked;
  }
}
