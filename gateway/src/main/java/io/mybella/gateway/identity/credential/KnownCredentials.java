package io.mybella.gateway.identity.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.gateway.identity.credential.CredentialRepository.Found;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * The credentials that this replica has seen of late. Knows nothing while it might have missed a
 * change: whoever asks then looks into the database.
 */
@Component
class KnownCredentials {

  /** Callers of a few minutes; those that were not seen for longest make room. */
  private static final int MOST = 50_000;

  private final Cache<SecretHash, Found> found = Caffeine.newBuilder().maximumSize(MOST).build();
  private final AtomicLong changes = new AtomicLong();

  /** In the time of {@link System#nanoTime}. */
  private volatile long trustedUntil = System.nanoTime();

  /** What is known of the secret with this hash. */
  Optional<Found> get(SecretHash hash) {
    return isTrusted() ? Optional.ofNullable(found.getIfPresent(hash)) : Optional.empty();
  }

  /** Asks, and remembers what was found unless something changed meanwhile. */
  Optional<Found> learn(SecretHash hash, Supplier<Optional<Found>> question) {
    long before = changes.get();
    Optional<Found> answer = question.get();
    answer.ifPresent(
        each -> {
          found.put(hash, each);
          // Whoever changed something before this was put could not take it away.
          if (changes.get() != before) {
            found.invalidate(hash);
          }
        });
    return answer;
  }

  /** Has it that something is known now as another; without effect when it is no longer known. */
  void replace(SecretHash hash, Found before, Found after) {
    found.asMap().replace(hash, before, after);
  }

  /** Something of the account has changed, or may have. */
  void forget(long accountId) {
    changes.incrementAndGet();
    found.asMap().values().removeIf(each -> each.credential().caller().userId() == accountId);
  }

  /** Changes may have been missed. */
  void forgetAll() {
    trustedUntil = System.nanoTime();
    changes.incrementAndGet();
    found.invalidateAll();
  }

  /** Every change until now was heard of. */
  void trustUntil(long nanoTime) {
    trustedUntil = nanoTime;
  }

  boolean isTrusted() {
    return trustedUntil - System.nanoTime() > 0;
  }
}
