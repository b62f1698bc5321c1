package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.local.LocalPlatform;
import io.mybella.local.testing.NodeProject;
import io.mybella.system.ApiClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The platform in containers, from the real {@code docker-compose.yml}: {@code ./mvnw -Pdocker
 * verify -Dit.test=ComposeIT …}, see CONTRIBUTING.
 */
@Tag("docker")
class ComposeIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static ComposedPlatform platform;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path settings) throws Exception {
    platform = ComposedPlatform.start(settings);
  }

  @AfterAll
  static void end() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void theQuickTestPasses() throws Exception {
    Path script = LocalPlatform.projectRoot().resolve("deploy/quick-test");
    assertThat(ComposedPlatform.run(script.toString(), platform.baseUrl().toString()))
        .contains("The quick test passed");
  }

  @Test
  void nothingOfADeletedAccountIsLeft() throws Exception {
    String canary = "canary" + UUID.randomUUID().toString().substring(24);
    Map<String, String> session = register(canary);
    List<String> others = platform.files();
    furnish(session, canary);
    List<String> own = platform.files().stream().filter(file -> !others.contains(file)).toList();
    assertThat(own).as("a picture").isNotEmpty();
    assertThat(platform.rows()).contains(canary);

    Answer farewell =
        send(Call.of("DELETE", "/api/auth/me").json(Map.of("password", Account.PASSWORD)), session);
    assertThat(farewell.status()).isEqualTo(202);
    Call status =
        Call.of("GET", "/api/auth/erasures/" + farewell.body().path("erasure_id").asString());
    await()
        .atMost(LIMIT)
        .until(() -> send(status, Map.of()).body().path("status").asString(), "complete"::equals);

    assertThat(platform.rows())
        .doesNotContainIgnoringCase(canary)
        .doesNotContain(HexFormat.of().formatHex(canary.getBytes(UTF_8)));
    assertThat(platform.files()).doesNotContainAnyElementsOf(own);
  }

  @Test
  void noServiceHasALoginThatOwnsADatabase() {
    List<String> owners = platform.ownersPasswords();
    assertThat(owners).hasSize(5).doesNotContain("");
    for (String service : ComposedPlatform.SERVICES) {
      assertThat(platform.environment(service))
          .as(service)
          .isNotEmpty()
          .noneMatch(each -> owners.stream().anyMatch(each::contains));
    }
  }

  @Test
  void nobodyIsBelievedThatTheyCameByTls() {
    Answer answer =
        send(
            Call.of("GET", "/login"),
            Map.of("X-Forwarded-Proto", "https", "X-Forwarded-For", "192.0.2.7"));
    assertThat(answer.raw().headers().allValues("Set-Cookie"))
        .isNotEmpty()
        .noneMatch(cookie -> cookie.contains("Secure"));
  }

  @Test
  void aConsumerOutsideReadsTheEvents() throws IOException {
    String name = "Nova " + UUID.randomUUID();
    Map<String, String> session = register("Told");
    persona(session, name);
    NodeProject example = NodeProject.install("examples/node-consumer");
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(readModel(example).toString()).contains(name));
  }

  private JsonNode readModel(NodeProject example) throws IOException {
    Map<String, String> environment =
        Map.of(
            "KAFKA_BROKERS", platform.kafka(),
            "GROUP", "compose-" + UUID.randomUUID(),
            "STATE", folder.resolve(UUID.randomUUID() + ".json").toString());
    try (var run = example.start(environment, List.of("src/main.js", "--once"))) {
      return run.printed();
    }
  }

  /** A session of a new account. */
  private static Map<String, String> register(String name) {
    Answer registered =
        send(
            Call.of("POST", "/api/auth/register")
                .json(
                    Map.of(
                        "name",
                        name,
                        "email",
                        Account.freshEmail(name),
                        "password",
                        Account.PASSWORD)),
            Account.visitor());
    assertThat(registered.status()).as("%s", registered.body()).isEqualTo(201);
    return Account.sessionOf(registered);
  }

  private static long persona(Map<String, String> session, String text) {
    Answer created =
        send(
            Call.of("POST", "/api/personas/create")
                .multipart(
                    Map.of("name", text, "description", text), Map.of("avatar", Pictures.sunset())),
            session);
    assertThat(created.status()).as("%s", created.body()).isEqualTo(201);
    return created.body().at("/persona/id").asLong();
  }

  private static void furnish(Map<String, String> session, String canary) {
    String path = "/api/personas/" + persona(session, canary);
    for (String persona : List.of(path, "/api/personas/1")) {
      Call chat = Call.of("POST", persona + "/chat").json(Map.of("content", "I am " + canary));
      assertThat(send(chat, session).status()).isEqualTo(200);
    }
    Call speech = Call.of("POST", path + "/voice/speech").json(Map.of("text", canary));
    assertThat(send(speech, session).status()).isEqualTo(200);
  }

  private static Answer send(Call call, Map<String, String> headers) {
    return call.send(platform.baseUrl(), headers);
  }
}
