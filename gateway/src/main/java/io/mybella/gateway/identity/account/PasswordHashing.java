package io.mybella.gateway.identity.account;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import io.mybella.chassis.problem.Problem;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes and verifies passwords with Argon2id on a few threads of its own.
 *
 * <p>A hash keeps a processor busy for tens of milliseconds without ever blocking. On a virtual
 * thread it would hold up all requests that share its carrier; here the operating system divides
 * the processors fairly, and what exceeds the queue is refused at once.
 */
@Component
class PasswordHashing {

  private static final String ARGON2 = "argon2";

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** OWASP's minimum for Argon2id with 16 MiB and parallelism 1. */
  private static final int PASSES = 2;

  private final DelegatingPasswordEncoder encoder;
  private final ExecutorService threads;

  /** What is verified when there is no account, so that the answer takes as long. */
  private final String nobodysHash;

  PasswordHashing(AccountProperties properties, MeterRegistry metrics) {
    int kilobytes = (int) properties.hashingMemory().toKilobytes();
    var argon2 = new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, 1, kilobytes, PASSES);
    encoder = new DelegatingPasswordEncoder(ARGON2, Map.of(ARGON2, argon2));
    encoder.setDefaultPasswordEncoderForMatches(new WerkzeugPasswordEncoder());
    int size = properties.hashingThreadsOrDefault();
    threads =
        ExecutorServiceMetrics.monitor(
            metrics,
            new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(properties.hashingQueue()),
                Thread.ofPlatform().name("password-hashing-", 0).daemon().factory()),
            "password-hashing");
    nobodysHash = hashOfNothing(kilobytes);
  }

  /** The hash to store for a password. */
  String hash(String password) {
    return inTurn(() -> Objects.requireNonNull(encoder.encode(password)));
  }

  /** Whether the password belongs to the hash. */
  boolean matches(String password, String hash) {
    return inTurn(() -> encoder.matches(password, hash));
  }

  /** Takes as long as {@link #matches} and always fails. */
  boolean matchesNobody(String password) {
    boolean right = inTurn(() -> encoder.matches(password, nobodysHash));
    return right && nobodysHash.isEmpty();
  }

  /** Whether a hash is of an older kind than {@link #hash} makes today. */
  boolean isOutdated(String hash) {
    return encoder.upgradeEncoding(hash);
  }

  /** Random bytes in the form of a hash: no password is known for it, and none had to be hashed. */
  static String hashOfNothing(int kilobytes) {
    return "{%s}$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(ARGON2, kilobytes, PASSES, random(SALT_BYTES), random(HASH_BYTES));
  }

  private static String random(int bytes) {
    return Base64.getEncoder()
        .withoutPadding()
        .encodeToString(KeyGenerators.secureRandom(bytes).generateKey());
  }

  private <T> T inTurn(Callable<T> work) {
    try {
      return threads.submit(work).get();
    } catch (RejectedExecutionException full) {
      throw Problem.tooManyRequests(
          "Too many people are signing in just now; try again in a moment", Duration.ofSeconds(2));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The gateway is stopping", Duration.ofSeconds(2));
    } catch (ExecutionException failed) {
      throw new IllegalStateException("A password could not be hashed", failed.getCause());
    }
  }

  @PreDestroy
  void stop() {
    threads.shutdown();
  }
}
