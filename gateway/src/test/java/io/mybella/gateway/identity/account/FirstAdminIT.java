package io.mybella.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.security.Caller.Role;
import io.mybella.gateway.GatewayTest;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(OutputCaptureExtension.class)
class FirstAdminIT extends GatewayTest {

  private static final String PASSWORD = "a long and winding road";

  @Autowired AccountRepository rows;
  @Autowired Accounts accounts;
  @Autowired PasswordRule rule;
  @Autowired PasswordHashing hashing;
  @Autowired Clock clock;
  @Autowired JdbcClient sql;

  @Test
  void theAdministratorOfTheSettingsCanSignIn(CapturedOutput output) {
    start("Root@Example.org", PASSWORD);

    AccountProfile admin = accounts.signIn("root@example.org", PASSWORD, "192.0.2.1");
    assertThat(admin.role()).isEqualTo(Role.ADMIN);
    assertThat(admin.name()).isEqualTo("Administrator");
    assertThat(output.getAll()).doesNotContain(PASSWORD, "root@example.org", "Root@Example.org");
  }

  @Test
  void replicasThatStartAtOnceMakeOne() throws Exception {
    Callable<Boolean> replica =
        () -> {
          start("replicas@example.org", PASSWORD);
          return true;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(
              threads.invokeAll(List.of(replica, replica, replica)).stream().map(Future::resultNow))
          .containsOnly(true);
    }

    assertThat(accountsOf("replicas@example.org")).isEqualTo(1);
  }

  @Test
  void aLaterPasswordChangesNothing() {
    start("kept@example.org", PASSWORD);

    start("kept@example.org", "another long password");

    assertThat(accounts.signIn("kept@example.org", PASSWORD, "192.0.2.2").role())
        .isEqualTo(Role.ADMIN);
  }

  @Test
  void whoHasTheAddressAlreadyIsNotMadeAnAdministrator(CapturedOutput output) {
    accounts.register("Somebody", "somebody@example.org", "correct horse battery", "192.0.2.3");

    start("somebody@example.org", PASSWORD);

    assertThat(accounts.signIn("somebody@example.org", "correct horse battery", "192.0.2.3").role())
        .isEqualTo(Role.USER);
    assertThat(output.getAll()).contains("is no administrator, and stays as it is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "password1"})
  void aWeakPasswordStopsTheStart(String weak) {
    assertThatThrownBy(() -> start("weak@example.org", weak))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("mybella.gateway.account.admin.password is refused: The password");
    assertThat(accountsOf("weak@example.org")).isZero();
  }

  @Test
  void whatIsNoAddressStopsTheStart() {
    assertThatThrownBy(() -> start("root", PASSWORD))
        .hasMessage("mybella.gateway.account.admin.email is not an e-mail address");
  }

  @Test
  void aPasswordThatNobodyCouldSignInWithStopsTheStart() {
    assertThatThrownBy(() -> start("long@example.org", "ab".repeat(129)))
        .hasMessage("mybella.gateway.account.admin.password has more than 256 characters");
  }

  @Test
  void whatTheDatabaseRefusesIsNotTakenForAnotherReplica() {
    assertThatThrownBy(() -> start("nameless@example.org", PASSWORD, " "))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void theSettingsAreTheVariablesOfTheDocumentation() {
    new ApplicationContextRunner()
        .withInitializer(new ConfigDataApplicationContextInitializer())
        .withPropertyValues("MYBELLA_ADMIN_EMAIL=a@example.org", "MYBELLA_ADMIN_PASSWORD=secret")
        .withUserConfiguration(Settings.class)
        .run(
            context ->
                assertThat(context.getBean(AdminProperties.class))
                    .isEqualTo(new AdminProperties("a@example.org", "secret", "Administrator"))
                    .asString()
                    .doesNotContain("secret"));
  }

  @EnableConfigurationProperties(AdminProperties.class)
  private static class Settings {}

  @Test
  void withoutAnAddressNobodyIsMade() {
    int before = rowCount();

    start("", "");

    assertThat(rowCount()).isEqualTo(before);
  }

  private void start(String email, String password) {
    start(email, password, "Administrator");
  }

  private void start(String email, String password, String name) {
    new FirstAdmin(
            new AdminProperties(email, password, name),
            new LocalAccountProperties(true),
            rows,
            rule,
            hashing,
            clock)
        .afterSingletonsInstantiated();
  }

  private int accountsOf(String email) {
    return sql.sql("select count(*) from account where email = :email")
        .param("email", email)
        .query(Integer.class)
        .single();
  }

  private int rowCount() {
    return sql.sql("select count(*) from account").query(Integer.class).single();
  }
}
