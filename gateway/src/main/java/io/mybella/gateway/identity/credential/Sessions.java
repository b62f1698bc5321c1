package io.mybella.gateway.identity.credential;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.gateway.identity.credential.Credential.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Browser sessions: where somebody is signed in. */
@Service
public class Sessions {

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private static final int ADDRESS_LENGTH = 100;
  private static final int USER_AGENT_LENGTH = 200;

  /** Sessions that have ended and are removed by one statement. */
  private static final int AT_ONCE = 1_000;

  private final CredentialRepository credentials;
  private final KnownCredentials known;
  private final IdGenerator ids;

  Sessions(CredentialRepository credentials, KnownCredentials known, IdGenerator ids) {
    this.credentials = credentials;
    this.known = known;
    this.ids = ids;
  }

  /**
   * A session as its owner may see it.
   *
   * @param id names the session without being good for signing in
   * @param lastUsedAt to the minute
   * @param address where it was begun
   * @param userAgent the browser it was begun with, shortened
   * @param current whether the request that asks belongs to it
   */
  public record Entry(
      UUID id,
      Instant createdAt,
      Instant lastUsedAt,
      String address,
      String userAgent,
      boolean current) {}

  /**
   * Begins a session, and ends those that the account's version has voided.
   *
   * @param version that the account had when its owner signed in
   * @param address where the request comes from
   * @param userAgent the browser, as it calls itself
   * @return what the browser presents from now on; told only this once
   * @throws Problem 401 when the account has another version by now, or is gone: whoever changed it
   *     could not see this session yet
   */
  public String begin(long accountId, int version, String address, String userAgent) {
    Secret secret = Secret.make(Kind.SESSION);
    boolean begun =
        credentials.insertSession(
            ids.next(),
            accountId,
            version,
            secret.hash(),
            printable(address, ADDRESS_LENGTH),
            printable(userAgent, USER_AGENT_LENGTH));
    if (!begun) {
      throw Problem.unauthorized("The account was changed meanwhile; sign in again");
    }
    if (credentials.deleteVoid(accountId) > 0) {
      known.forget(accountId);
    }
    return secret.text();
  }

  /**
   * The sessions of the account, the most recently used first.
   *
   * @param current the session that asks; null when it is none
   */
  public List<Entry> of(long accountId, @Nullable UUID current) {
    return credentials.sessions(accountId, current);
  }

  /** When the session began; empty when it has ended. */
  public Optional<Instant> began(UUID id) {
    return credentials.createdAt(id);
  }

  /** Ends one session of the account, on every replica; false when the account has no such one. */
  public boolean end(long accountId, UUID id) {
    boolean ended = credentials.delete(id, accountId, Kind.SESSION);
    // Here at once; the other replicas hear of it.
    known.forget(accountId);
    return ended;
  }

  /** Removes those that have ended by themselves. */
  @Scheduled(fixedDelay = 600_000, initialDelay = 60_000)
  void removeEnded() {
    int removed = 0;
    for (int count = AT_ONCE; count == AT_ONCE; removed += count) {
      count = credentials.deleteEnded(AT_ONCE);
    }
    log.debug("{} sessions have ended", removed);
  }

  private static String printable(String text, int length) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.substring(0, Math.min(length, printable.length()));
  }
}
