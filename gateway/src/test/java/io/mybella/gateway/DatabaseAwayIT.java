package io.mybella.gateway;

import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes away under a running gateway, and comes back. */
class DatabaseAwayIT {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Test
  void whateverNeedsTheDatabaseIsUnavailableUntilItIsBack(@TempDir Path folder) throws Exception {
    PostgresPart postgres = PostgresPart.start(options(folder, 0));
    int place = postgres.port();
    try (AnotherGateway gateway =
        AnotherGateway.on(postgres.database("gateway"), PlatformParts.kafka())) {
      Browser owner = Browser.signedUp(gateway.port(), "Ada");
      Browser program = new Browser(gateway.port()).withKey(owner.newKey());
      assertThat(program.get("/api/auth/me").statusCode()).isEqualTo(200);

      postgres.kill();
      postgres.onExit().join();
      // Who was known a moment ago is known for less than a second more.
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertUnavailable("page", owner.copy().get("/users/personas")));

      for (int round = 0; round < 2; round++) {
        Map<String, HttpResponse<String>> answers = ask(owner, program);
        answers.forEach(DatabaseAwayIT::assertUnavailable);
      }
      Browser visitor = new Browser(gateway.port());
      assertThat(visitor.get("/login").statusCode()).isEqualTo(200);
      assertUnavailable(
          "file of another release", visitor.get("/assets/a0a0a0a0a0a0/web/app/api.js"));

      postgres = PostgresPart.start(options(folder, place));
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200));
    } finally {
      postgres.close();
    }
  }

  private static void assertUnavailable(String request, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s: %s", request, answer.body()).isEqualTo(503);
    assertProblem(answer, 503);
    assertThat(answer.headers().firstValue("Retry-After").map(Integer::parseInt))
        .as(request)
        .hasValueSatisfying(seconds -> assertThat(seconds).isPositive());
  }

  /** All at once: each waits some seconds for a connection. */
  private static Map<String, HttpResponse<String>> ask(Browser owner, Browser program)
      throws Exception {
    Map<String, Callable<HttpResponse<String>>> requests = new LinkedHashMap<>();
    requests.put("me", () -> owner.copy().get("/api/auth/me"));
    requests.put("me by key", () -> program.get("/api/auth/me"));
    requests.put("available", () -> owner.copy().get("/api/personas/available"));
    requests.put("available by key", () -> program.get("/api/personas/available"));
    requests.put("switch", () -> owner.copy().post("/api/personas/switch", "{}"));
    requests.put("page", () -> owner.copy().get("/users/personas"));
    requests.put("sign in", () -> owner.copy().login("Ada", Browser.PASSWORD));
    requests.put("sign out", () -> owner.copy().post("/api/auth/logout", ""));
    requests.put("sessions", () -> owner.copy().get("/api/auth/sessions"));
    requests.put(
        "delete",
        () ->
            owner
                .copy()
                .send("DELETE", "/api/auth/me", Browser.json(Map.of("password", "no matter"))));
    Map<String, HttpResponse<String>> answers = new LinkedHashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<HttpResponse<String>>> underWay = new LinkedHashMap<>();
      requests.forEach((name, request) -> underWay.put(name, threads.submit(request)));
      for (var each : underWay.entrySet()) {
        answers.put(each.getKey(), each.getValue().get());
      }
    }
    return answers;
  }

  private static PostgresPart.Options options(Path folder, int port) {
    // What was committed must survive the kill, or the session is gone.
    return new PostgresPart.Options(
        folder.resolve("data"), port, true, _ -> "secret", folder.resolve("log"));
  }
}
