package io.mybella.gateway.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.mybella.chassis.problem.Problem;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Slows down guessing of passwords: per account and address, per address, and, more generously, per
 * account from everywhere. Only failures count. Kept in memory, so each replica counts for itself.
 */
@Component
class SignInThrottle {

  /** Bounds the memory of counting, roughly 100 bytes each. */
  private static final int MAX_COUNTED = 100_000;

  private final AccountProperties properties;
  private final Cache<String, Bucket> buckets;

  SignInThrottle(AccountProperties properties) {
    this.properties = properties;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_COUNTED)
            .expireAfterAccess(properties.window().multipliedBy(2))
            .build();
  }

  /** An attempt under way: taken from every allowance, returned when it succeeds. */
  record Attempt(List<Bucket> allowances) {

    /** The attempt was right and does not count. */
    void succeeded() {
      allowances.forEach(each -> each.addTokens(1));
    }
  }

  /** Takes a sign-in from the allowances; 429 when one is used up. */
  Attempt signIn(String email, String address) {
    String account = Account.normalized(email);
    return take(
        bucket("pair " + address + ' ' + account, properties.attempts()),
        bucket("address " + address, properties.attemptsPerAddress()),
        bucket("account " + account, properties.attemptsPerAccount()));
  }

  /** Takes a check of the password of someone who is signed in; 429 when too many failed. */
  Attempt confirmation(long accountId) {
    return take(bucket("confirmation " + accountId, properties.attempts()));
  }

  /** Takes a registration from the address's allowance; 429 when it is used up. */
  void registration(String address) {
    take(bucket("registration " + address, properties.registrationsPerAddress()));
  }

  private static Attempt take(Bucket... allowances) {
    for (int i = 0; i < allowances.length; i++) {
      var probe = allowances[i].tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        for (int taken = 0; taken < i; taken++) {
          allowances[taken].addTokens(1);
        }
        throw Problem.tooManyRequests(
            "Too many attempts; try again later",
            Duration.ofNanos(probe.getNanosToWaitForRefill()).plusSeconds(1));
      }
    }
    return new Attempt(List.of(allowances));
  }

  private Bucket bucket(String key, int capacity) {
    return buckets.get(
        key,
        _ ->
            Bucket.builder()
                .addLimit(
                    limit -> limit.capacity(capacity).refillGreedy(capacity, properties.window()))
                .build());
  }
}
