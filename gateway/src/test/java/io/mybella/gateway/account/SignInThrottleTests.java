package io.mybella.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.problem.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInThrottleTests {

  private final SignInThrottle throttle =
      new SignInThrottle(new AccountProperties(1, 1, 3, 5, 8, 2, Duration.ofHours(10)));

  @Test
  void failuresOfOneAccountFromOneAddressAreCounted() {
    fail("a@example.org", "192.0.2.1", 3);

    assertRefused("A@Example.org", "192.0.2.1");
    throttle.signIn("a@example.org", "192.0.2.2");
    throttle.signIn("b@example.org", "192.0.2.1");
  }

  @Test
  void successesDoNotCount() {
    for (int i = 0; i < 20; i++) {
      throttle.signIn("a@example.org", "192.0.2.1").succeeded();
    }

    throttle.signIn("a@example.org", "192.0.2.1");
  }

  @Test
  void oneAddressCannotTryManyAccounts() {
    for (int i = 0; i < 5; i++) {
      fail("account%d@example.org".formatted(i), "192.0.2.1", 1);
    }

    assertRefused("another@example.org", "192.0.2.1");
    throttle.signIn("another@example.org", "192.0.2.2");
  }

  @Test
  void manyAddressesCannotTryOneAccount() {
    for (int i = 0; i < 8; i++) {
      fail("a@example.org", "192.0.2." + i, 1);
    }

    assertRefused("a@example.org", "192.0.2.99");
  }

  @Test
  void aRefusedAttemptTakesNothingFromTheOtherAllowances() {
    fail("a@example.org", "192.0.2.1", 3);
    for (int i = 0; i < 10; i++) {
      assertRefused("a@example.org", "192.0.2.1");
    }

    throttle.signIn("b@example.org", "192.0.2.1");
  }

  @Test
  void registrationsAreCountedPerAddress() {
    throttle.registration("192.0.2.1");
    throttle.registration("192.0.2.1");

    assertThatThrownBy(() -> throttle.registration("192.0.2.1")).isInstanceOf(Problem.class);
    throttle.registration("192.0.2.2");
  }

  private void fail(String email, String address, int times) {
    for (int i = 0; i < times; i++) {
      throttle.signIn(email, address);
    }
  }

  private void assertRefused(String email, String address) {
    assertThatThrownBy(() -> throttle.signIn(email, address))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.status().value()).isEqualTo(429);
              assertThat(problem.retryAfter()).isPositive();
            });
  }
}
