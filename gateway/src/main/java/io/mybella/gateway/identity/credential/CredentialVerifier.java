package io.mybella.gateway.identity.credential;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.gateway.identity.credential.Credential.Kind;
import io.mybella.gateway.identity.credential.CredentialRepository.Found;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * Recognises callers by what they present. What was recognised once is remembered, for as long as
 * this replica hears of every change: what one replica ends, all others refuse within a second.
 */
@Service
public class CredentialVerifier {

  /** How far the noted last use may lag behind; saves a write per request. */
  private static final Duration LAG = Duration.ofMinutes(1);

  private final CredentialRepository repository;
  private final KnownCredentials known;
  private final SessionProperties sessions;
  private final Clock clock;
  private final Counter remembered;
  private final Counter lookedUp;

  CredentialVerifier(
      CredentialRepository repository,
      KnownCredentials known,
      SessionProperties sessions,
      Clock clock,
      MeterRegistry meters) {
    this.repository = repository;
    this.known = known;
    this.sessions = sessions;
    this.clock = clock;
    this.remembered = counter(meters, "memory");
    this.lookedUp = counter(meters, "database");
  }

  private static Counter counter(MeterRegistry meters, String from) {
    return Counter.builder("mybella.gateway.credentials.checked")
        .description("Credentials that requests brought along, by what knew them")
        .tag("by", from)
        .register(meters);
  }

  /**
   * Whom a secret stands for, at the cost of at most one statement, and once a minute another one.
   *
   * @param kind how it was brought along; a key is no good in a cookie, nor a session in a header
   * @param presented whatever a request has there
   * @return empty when it is none, was revoked, has ended, or the account is not active
   */
  public Optional<Credential> recognise(Kind kind, String presented) {
    return Secret.of(kind, presented)
        .flatMap(this::find)
        .filter(found -> found.credential().kind() == kind)
        .map(Found::credential);
  }

  private Optional<Found> find(Secret secret) {
    SecretHash hash = secret.hash();
    Instant now = clock.instant();
    Optional<Found> found = known.get(hash).filter(each -> isAlive(each, now));
    if (found.isPresent()) {
      remembered.increment();
    } else {
      lookedUp.increment();
      found = known.learn(hash, () -> repository.find(hash));
    }
    found.filter(each -> isUseWorthNoting(each, now)).ifPresent(each -> note(hash, each, now));
    return found;
  }

  private boolean isAlive(Found found, Instant now) {
    Instant used = found.lastUsedAt();
    return found.credential().kind() == Kind.KEY
        || (found.createdAt().isAfter(sessions.begunSince(now))
            && used != null
            && used.isAfter(sessions.usedSince(now)));
  }

  private static boolean isUseWorthNoting(Found found, Instant now) {
    Instant used = found.lastUsedAt();
    return used == null || used.plus(LAG).isBefore(now);
  }

  private void note(SecretHash hash, Found found, Instant now) {
    repository.noteUse(found.credential().id(), now);
    known.replace(hash, found, found.used(now));
  }
}
