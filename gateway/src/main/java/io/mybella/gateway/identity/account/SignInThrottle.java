package io.mybella.gateway.identity.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.chassis.http.CallerNetwork;
import io.mybella.chassis.problem.Problem;
import io.mybella.gateway.identity.account.Allowances.Allowance;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Slows down guessing of passwords: per account and address, per address, and, more generously, per
 * account from everywhere. Only failures count. All replicas count together, see {@link
 * Allowances}.
 */
@Component
class SignInThrottle {

  /** Bounds the memory of refusals, roughly 200 bytes each. */
  private static final int MAX_REFUSALS = 10_000;

  /** How long a refusal is given again without asking the database: a flood costs it no more. */
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  /**
   * Connections that counting may take of the pool: attempts on one account wait for each other's
   * row, and the requests of everybody else must not wait with them.
   */
  private static final int CONNECTIONS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final AccountProperties properties;
  private final Allowances allowances;
  private final Semaphore connections = new Semaphore(CONNECTIONS);
  private final Cache<Allowance, Duration> refusals =
      Caffeine.newBuilder().maximumSize(MAX_REFUSALS).expireAfterWrite(REMEMBERED).build();

  SignInThrottle(AccountProperties properties, Allowances allowances) {
    this.properties = properties;
    this.allowances = allowances;
  }

  /** An attempt under way: taken from every allowance, returned when it succeeds. */
  final class Attempt {

    private final List<Allowance> taken;

    private Attempt(List<Allowance> taken) {
      this.taken = taken;
    }

    /** The attempt was right and does not count. */
    void succeeded() {
      inTurn(
          () -> {
            allowances.giveBack(taken);
            return taken;
          });
    }
  }

  /** Takes a sign-in from the allowances; 429 when one is used up. */
  Attempt signIn(String email, String address) {
    String account = Account.normalized(email);
    String network = CallerNetwork.of(address);
    return take(
        allowance("pair " + network + ' ' + account, properties.attempts()),
        allowance("address " + network, properties.attemptsPerAddress()),
        allowance("account " + account, properties.attemptsPerAccount()));
  }

  /** Takes a check of the password of someone who is signed in; 429 when too many failed. */
  Attempt confirmation(long accountId) {
    return take(allowance("confirmation " + accountId, properties.attempts()));
  }

  /** Takes a registration from the address's allowance; 429 when it is used up. */
  void registration(String address) {
    take(
        allowance(
            "registration " + CallerNetwork.of(address), properties.registrationsPerAddress()));
  }

  private Attempt take(Allowance... asked) {
    List<Allowance> wanted = List.of(asked);
    refuseAgain(wanted);
    Map<Allowance, Duration> usedUp = inTurn(() -> allowances.take(wanted));
    if (!usedUp.isEmpty()) {
      refusals.putAll(usedUp);
      throw refused(usedUp.values());
    }
    return new Attempt(wanted);
  }

  private void refuseAgain(List<Allowance> wanted) {
    List<Duration> known =
        wanted.stream().map(refusals::getIfPresent).filter(Objects::nonNull).toList();
    if (!known.isEmpty()) {
      throw refused(known);
    }
  }

  private static Problem refused(Collection<Duration> waits) {
    Duration longest = waits.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    return Problem.tooManyRequests("Too many attempts; try again later", longest.plusSeconds(1));
  }

  private Allowance allowance(String counted, int capacity) {
    return Allowance.of(counted, capacity, properties.window());
  }

  private <T> T inTurn(Supplier<T> statement) {
    try {
      if (!connections.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.tooManyRequests(
            "Too many people are signing in just now; try again in a moment", PATIENCE);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The gateway is stopping", PATIENCE);
    }
    try {
      return statement.get();
    } finally {
      connections.release();
    }
  }
}
