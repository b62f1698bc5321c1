package io.mybella.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** On a real database: what counts is one statement. */
class SignInThrottleTests {

  private static DriverManagerDataSource source;

  private final JdbcClient database = JdbcClient.create(source);
  private final SignInThrottle throttle = replica();

  @BeforeAll
  static void migrate() {
    PostgresPart.Database fresh = PlatformParts.freshDatabase("gateway");
    Flyway.configure()
        .dataSource(fresh.jdbcUrl(), fresh.ownerUser(), fresh.ownerPassword())
        .load()
        .migrate();
    source = new DriverManagerDataSource(fresh.jdbcUrl(), fresh.appUser(), fresh.appPassword());
  }

  @BeforeEach
  void forget() {
    database.sql("delete from sign_in_allowance").update();
  }

  @Test
  void failuresOfOneAccountFromOneAddressAreCounted() {
    fail("a@example.org", "192.0.2.1", 3);

    assertRefused("A@Example.org", "192.0.2.1");
    throttle.signIn("a@example.org", "192.0.2.2");
    throttle.signIn("b@example.org", "192.0.2.1");
  }

  @Test
  void anotherReplicaCountsOn() {
    fail("a@example.org", "192.0.2.1", 2);

    replica().signIn("a@example.org", "192.0.2.1");

    assertRefused("a@example.org", "192.0.2.1");
    assertRefused(replica(), "a@example.org", "192.0.2.1");
  }

  @Test
  void attemptsAtTheSameTimeAreCountedOneByOne() throws Exception {
    List<SignInThrottle> replicas = List.of(throttle, replica(), replica());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> attempts =
          IntStream.range(0, 30)
              .<Callable<Boolean>>mapToObj(
                  i -> () -> passes(replicas.get(i % 3), "a@example.org", "192.0.2.1"))
              .toList();

      assertThat(threads.invokeAll(attempts).stream().map(Future::resultNow))
          .filteredOn(passed -> passed)
          .hasSize(3);
    }
  }

  @Test
  void successesDoNotCount() {
    for (int i = 0; i < 20; i++) {
      throttle.signIn("a@example.org", "192.0.2.1").succeeded();
    }

    fail("a@example.org", "192.0.2.1", 3);
  }

  @Test
  void anAllowanceComesBackWithTime() {
    fail("a@example.org", "192.0.2.1", 3);
    // A third of the window passes: one attempt more.
    database
        .sql("update sign_in_allowance set whole_at = whole_at - interval '200 minutes'")
        .update();

    SignInThrottle fresh = replica();
    fresh.signIn("a@example.org", "192.0.2.1");
    assertRefused(fresh, "a@example.org", "192.0.2.1");
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
  void anIpv6NetworkIsOneAddress() {
    for (int i = 0; i < 5; i++) {
      fail("account%d@example.org".formatted(i), "2001:db8::" + i, 1);
    }

    assertRefused("another@example.org", "2001:db8::ffff");
    throttle.signIn("another@example.org", "2001:db8:0:1::1");
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
      assertRefused(replica(), "a@example.org", "192.0.2.1");
    }

    throttle.signIn("b@example.org", "192.0.2.1");
  }

  @Test
  void aFailureStaysCountedWhenTheTransactionAroundItIsGivenUp() {
    var outer = new TransactionTemplate(new DataSourceTransactionManager(source));

    for (int i = 0; i < 3; i++) {
      outer.executeWithoutResult(
          status -> {
            throttle.confirmation(7);
            status.setRollbackOnly();
          });
    }

    assertThatThrownBy(() -> throttle.confirmation(7)).isInstanceOf(Problem.class);
    throttle.confirmation(8);
  }

  @Test
  void registrationsAreCountedPerAddress() {
    throttle.registration("192.0.2.1");
    throttle.registration("192.0.2.1");

    assertThatThrownBy(() -> throttle.registration("192.0.2.1")).isInstanceOf(Problem.class);
    throttle.registration("192.0.2.2");
  }

  @Test
  void nobodyCanBeReadOffTheTable() {
    fail("somebody@example.org", "192.0.2.1", 1);

    assertThat(database.sql("select key from sign_in_allowance").query(String.class).list())
        .hasSize(3)
        .allSatisfy(key -> assertThat(key).matches("[0-9a-f]{64}"));
  }

  @Test
  void whatIsWholeAgainIsForgotten() {
    fail("a@example.org", "192.0.2.1", 1);
    database.sql("update sign_in_allowance set whole_at = whole_at - interval '11 hours'").update();
    fail("b@example.org", "192.0.2.2", 1);

    allowances().forgetWhole();

    assertThat(database.sql("select count(*) from sign_in_allowance").query(Integer.class).single())
        .isEqualTo(3);
  }

  private static SignInThrottle replica() {
    return new SignInThrottle(
        new AccountProperties(1, DataSize.ofMegabytes(1), 1, 3, 5, 8, 2, Duration.ofHours(10)),
        allowances());
  }

  private static Allowances allowances() {
    return new Allowances(JdbcClient.create(source), new DataSourceTransactionManager(source));
  }

  private void fail(String email, String address, int times) {
    for (int i = 0; i < times; i++) {
      throttle.signIn(email, address);
    }
  }

  private static boolean passes(SignInThrottle throttle, String email, String address) {
    try {
      throttle.signIn(email, address);
      return true;
    } catch (Problem refused) {
      return false;
    }
  }

  private void assertRefused(String email, String address) {
    assertRefused(throttle, email, address);
  }

  private static void assertRefused(SignInThrottle throttle, String email, String address) {
    assertThatThrownBy(() -> throttle.signIn(email, address))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.status().value()).isEqualTo(429);
              assertThat(problem.retryAfter()).isPositive();
            });
  }
}
