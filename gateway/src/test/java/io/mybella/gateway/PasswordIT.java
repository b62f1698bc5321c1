package io.mybella.gateway;

import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class PasswordIT extends GatewayTest {

  @Autowired DataSource dataSource;

  private static final String ANOTHER = "another horse battery";

  @Test
  void theNewPasswordSignsInAndTheOldOneNoMore(CapturedOutput output) {
    String name = name();
    Browser browser = Browser.signedUp(port, name);

    var changed = change(browser, Browser.PASSWORD, ANOTHER);

    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(204);
    assertProblem(login(name, Browser.PASSWORD), 401);
    assertThat(login(name, ANOTHER).statusCode()).isEqualTo(200);
    assertThat(output.getAll()).doesNotContain(ANOTHER, Browser.emailOf(name));
  }

  @Test
  void allOtherSessionsEndAndTheCurrentOneGoesOnUnderAnotherId() {
    String name = name();
    Browser browser = Browser.signedUp(port, name);
    Browser thief = browser.copy();
    Browser elsewhere = signedIn(name, Browser.PASSWORD);
    Browser stranger = signedUp();
    String before = browser.cookies().get(Browser.SESSION);

    change(browser, Browser.PASSWORD, ANOTHER);

    assertThat(browser.cookies().get(Browser.SESSION)).isNotEqualTo(before);
    assertThat(browser.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertThat(browser.post("/api/auth/api-keys", Map.of("name", "script")).statusCode())
        .as("the page has a fitting CSRF token")
        .isEqualTo(201);
    assertProblem(elsewhere.get("/api/auth/me"), 401);
    assertProblem(thief.get("/api/auth/me"), 401);
    assertThat(stranger.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  /** The sign-in has read the password before; its session begins after the others were ended. */
  @Test
  void aSignInThatIsOvertakenByTheChangeComesTooLate() throws Exception {
    String name = name();
    Browser.signedUp(port, name);
    Browser late = freshBrowser();
    CompletableFuture<HttpResponse<String>> answer;
    try (var connection = dataSource.getConnection();
        var change = connection.createStatement()) {
      connection.setAutoCommit(false);
      change.executeUpdate(
          "update account set password_version = password_version + 1 where email = '%s'"
              .formatted(Browser.emailOf(name)));

      answer = CompletableFuture.supplyAsync(() -> late.login(name, Browser.PASSWORD));

      await().until(() -> someoneWaitsFor(connection));
      connection.commit();
    }
    answer.get(30, TimeUnit.SECONDS);
    assertProblem(late.get("/api/auth/me"), 401);
    assertThat(late.login(name, Browser.PASSWORD).statusCode()).isEqualTo(200);
    assertThat(late.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  private boolean someoneWaitsFor(Connection connection) throws SQLException {
    int pid = connection.unwrap(PGConnection.class).getBackendPID();
    return database
        .sql("select count(*) > 0 from pg_stat_activity where ? = any(pg_blocking_pids(pid))")
        .param(pid)
        .query(Boolean.class)
        .single();
  }

  @Test
  void apiKeysStay() {
    Browser browser = signedUp();
    String key = browser.newKey();

    change(browser, Browser.PASSWORD, ANOTHER);

    assertThat(browser().get("/api/auth/me", "Authorization", "Bearer " + key).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aWrongPasswordChangesNothing() {
    String name = name();
    Browser browser = Browser.signedUp(port, name);
    Browser elsewhere = signedIn(name, Browser.PASSWORD);

    var answer = change(browser, "not this one at all", ANOTHER);

    assertProblem(answer, 403);
    assertThat(Browser.json(answer).get("error").asString()).isEqualTo("The password is wrong");
    assertThat(Browser.json(answer).at("/errors/0/field").asString()).isEqualTo("current_password");
    assertThat(elsewhere.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertThat(login(name, Browser.PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void theNewPasswordKeepsTheRuleOfRegistering() {
    String name = "Genevieve" + name();
    Browser browser = Browser.signedUp(port, name);

    for (String weak : List.of("seven77", "password", "12345678", name, Browser.emailOf(name))) {
      var answer = change(browser, Browser.PASSWORD, weak);
      assertProblem(answer, 400);
      assertThat(Browser.json(answer).at("/errors/0/field").asString())
          .as(weak)
          .isEqualTo("new_password");
    }
    assertProblem(change(browser, Browser.PASSWORD, "x".repeat(257)), 400);
    assertProblem(change(browser, Browser.PASSWORD, null), 400);
    assertProblem(change(browser, null, ANOTHER), 400);
    assertProblem(browser.put("/api/auth/password", "{"), 400);
    assertThat(login(name, Browser.PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void guessingThePasswordOfAnOpenSessionIsSlowedDown() {
    Browser browser = signedUp();

    for (int i = 0; i < 10; i++) {
      assertProblem(change(browser, "guess number " + i, ANOTHER), 403);
    }
    var answer = change(browser, Browser.PASSWORD, ANOTHER);

    assertProblem(answer, 429);
    assertThat(answer.headers().firstValue("Retry-After").map(Integer::parseInt).orElseThrow())
        .isPositive();
  }

  @Test
  void onlySomeoneWhoIsSignedInMayAsk() {
    Browser browser = signedUp();
    String key = browser.newKey();
    String body = Browser.json(passwords(Browser.PASSWORD, ANOTHER));

    var byKey =
        browser()
            .send(
                "PUT",
                "/api/auth/password",
                BodyPublishers.ofString(body),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");

    assertProblem(byKey, 403);
    assertThat(Browser.json(byKey).get("error").asString()).contains("API key");
    assertProblem(browser().put("/api/auth/password", body), 401);
    browser.cookies().remove(Browser.CSRF);
    assertProblem(browser.put("/api/auth/password", body), 403);
  }

  private static HttpResponse<String> change(
      Browser browser, @Nullable String current, @Nullable String replacement) {
    return browser.put("/api/auth/password", passwords(current, replacement));
  }

  private static Map<String, @Nullable String> passwords(
      @Nullable String current, @Nullable String replacement) {
    Map<String, @Nullable String> body = new HashMap<>();
    body.put("current_password", current);
    body.put("new_password", replacement);
    return body;
  }

  private HttpResponse<String> login(String name, String password) {
    return freshBrowser().login(name, password);
  }

  private Browser signedIn(String name, String password) {
    Browser browser = freshBrowser();
    assertThat(browser.login(name, password).statusCode()).isEqualTo(200);
    return browser;
  }

  private Browser freshBrowser() {
    Browser browser = browser();
    browser.get("/api/auth/me");
    return browser;
  }
}
