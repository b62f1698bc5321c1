package io.mybella.gateway.identity.account;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of signing in.
 *
 * @param hashingThreads passwords hashed at the same time; 0 is half the processors, so that a
 *     flood of sign-ins leaves the other half to everybody else
 * @param hashingMemory what hashing a password with Argon2id takes, in two passes, so that guessing
 *     them is dear: 1 to 256 MB of the heap for each that is hashed at the same time. 16 MB is
 *     OWASP's minimum; stored hashes that are cheaper are made anew when their owners sign in
 * @param hashingQueue sign-ins that may wait for their turn; more are refused with 429
 * @param attempts failed sign-ins per account and address before the next must wait
 * @param attemptsPerAddress failed sign-ins per address, whatever the account
 * @param attemptsPerAccount failed sign-ins per account, whatever the address
 * @param registrationsPerAddress new accounts per address
 * @param window the time in which the above are counted
 */
@Validated
@ConfigurationProperties("mybella.gateway.account")
record AccountProperties(
    @Min(0) @Max(64) @DefaultValue("0") int hashingThreads,
    @DefaultValue("16MB") DataSize hashingMemory,
    @Min(1) @Max(1000) @DefaultValue("32") int hashingQueue,
    @Min(1) @DefaultValue("10") int attempts,
    @Min(1) @DefaultValue("100") int attemptsPerAddress,
    @Min(1) @DefaultValue("200") int attemptsPerAccount,
    @Min(1) @DefaultValue("300") int registrationsPerAddress,
    @DefaultValue("15m") Duration window) {

  AccountProperties {
    long megabytes = hashingMemory.toMegabytes();
    if (megabytes < 1 || megabytes > 256) {
      throw new IllegalArgumentException(
          "mybella.gateway.account.hashing-memory must be between 1MB and 256MB");
    }
  }

  int hashingThreadsOrDefault() {
    return hashingThreads > 0
        ? hashingThreads
        : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
