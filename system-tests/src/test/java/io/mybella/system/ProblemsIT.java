package io.mybella.system;

import static io.mybella.system.LegacyPersonasIT.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.TestPlatform;
import io.mybella.system.AccessTable.Row;
import io.mybella.system.ApiClient.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Errors have one shape at the public door, whichever service found them. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class ProblemsIT {

  private static Onlooker onlooker;

  @BeforeAll
  static void prepare(TestPlatform platform) {
    onlooker = Onlooker.register(platform, "Onlooker");
  }

  static Stream<Operation> takingJson() {
    OpenApi contract = new OpenApi();
    return contract.operations().stream().filter(each -> contract.exampleBody(each).isPresent());
  }

  @ParameterizedTest
  @MethodSource("takingJson")
  void aBodyThatIsNoJsonIsABadRequest(Operation operation) {
    Call call = Call.of(operation.method(), operation.path().replaceAll("\\{[^}]+}", "1"));

    for (String body : List.of("{\"name\": ", "not json", "{'a': 1}", "\u0000", "{\"a\":1}}")) {
      assertProblem(onlooker.refused(call.text("application/json", body)), 400);
    }
  }

  /** What a user may not do with a built-in persona. */
  static Stream<Operation> forbidden() {
    return AccessTable.read().ofBuiltIn().stream()
        .filter(row -> row.status(Visitor.OTHER.heading()) == 403)
        .map(Row::operation);
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void whatIsForAdministratorsIsForbidden(Operation operation) {
    assertProblem(onlooker.refused(Scene.callFor(operation, "1")), 403);
  }

  @ParameterizedTest
  @MethodSource("takingJson")
  void anotherMediaTypeIsRefused(Operation operation) {
    Call call = Call.of(operation.method(), operation.path().replaceAll("\\{[^}]+}", "1"));

    assertProblem(onlooker.refused(call.text("text/plain", "name=x")), 415);
    assertProblem(onlooker.refused(call.text("application/xml", "<name>x</name>")), 415);
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /api/personas/1",
    "POST, /api/personas/available",
    "PUT, /api/personas/1/messages",
    "GET, /api/personas/1/voice/speech",
    "GET, /api/personas/1/chat",
    "GET, /api/auth/login",
    "PATCH, /api/auth/api-keys"
  })
  void aMethodThatAPathDoesNotHaveIsRefusedWithThoseItHas(String method, String path) {
    Answer answer = onlooker.refused(Call.of(method, path));

    assertProblem(answer, 405);
    assertThat(answer.raw().headers().firstValue("Allow")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/nothing",
    "/api/personas/1/nothing",
    "/api/personas/1/messages/nothing/at/all",
    "/api/personas/1/voice/nothing",
    "/api/personas/1/chat/nothing",
    "/api/personas/erasures/00000000-0000-7000-8000-000000000000",
    "/api/auth/nothing",
    "/nothing"
  })
  void whatIsNotThereIsNotFound(String path) {
    assertProblem(onlooker.get(path), 404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/personas/available",
    "GET, /api/personas/1",
    "GET, /api/personas/1/messages",
    "GET, /api/personas/voice-presets",
    "GET, /api/auth/me"
  })
  void aRepresentationThatDoesNotExistCannotBeHad(String method, String path) {
    Answer answer = onlooker.refused(Call.of(method, path), Map.of("Accept", "application/xml"));

    assertProblem(answer, 406);
  }

  @ParameterizedTest
  @CsvSource({"abc", "1.5", "99999999999999999999", "%20", "1;v=2", "%2e%2e", "-"})
  void anIdThatIsNoneIsNeverAFaultOfOurs(String id) {
    for (String rest :
        List.of(
            "",
            "/avatar",
            "/messages",
            "/memory/context",
            "/memory/conversations",
            "/memory/export",
            "/voice")) {
      Answer answer = onlooker.get("/api/personas/" + id + rest);
      assertThat(answer.status()).as("%s%s: %s", id, rest, answer.body()).isBetween(400, 404);
      assertProblem(answer, answer.status());
    }
  }

  @Test
  void whatIsTooLargeIsRefused() {
    Call create = Call.of("POST", "/api/personas/create");
    FilePayload picture = new FilePayload("a.png", "image/png", new byte[5 * 1024 * 1024 + 1]);

    assertProblem(
        onlooker.refused(create.multipart(Map.of("name", "x"), Map.of("avatar", picture))), 413);
    FilePayload more = new FilePayload("a.png", "image/png", new byte[13 * 1024 * 1024]);
    assertProblem(
        onlooker.refused(create.multipart(Map.of("name", "x"), Map.of("avatar", more))), 413);
    Call chat = Call.of("POST", "/api/personas/1/chat");
    assertProblem(onlooker.refused(chat.json(Map.of("content", "x".repeat(1_100_000)))), 413);
    assertThat(onlooker.get("/api/personas/available").body()).hasSize(6);
  }

  @Test
  void anIdempotencyKeyIsGoodForOneMessage(TestPlatform platform) {
    Account user = Account.register(platform, "Repeater");
    Call append = Call.of("POST", "/api/personas/1/messages");
    Map<String, String> headers = with(user.session(), "Idempotency-Key", "one");
    Map<String, String> message = Map.of("role", "user", "content", "Hello");

    Answer first = append.json(message).send(platform.baseUrl(), headers);
    Answer repeated = append.json(message).send(platform.baseUrl(), headers);
    Answer other =
        append.json(Map.of("role", "user", "content", "Bye")).send(platform.baseUrl(), headers);

    assertThat(first.status()).isEqualTo(201);
    assertThat(repeated.status()).isEqualTo(200);
    assertThat(repeated.body()).isEqualTo(first.body());
    assertProblem(other, 422);
    assertThat(user.get("/api/personas/1/messages").body().path("messages")).hasSize(1);
  }

  @Test
  void guessingAPasswordMustWait(TestPlatform platform) {
    Account user = Account.register(platform, "Target");
    Call login = Call.of("POST", "/api/auth/login");
    Answer answer;
    int guesses = 0;
    do {
      answer =
          login
              .json(Map.of("email", user.email(), "password", "guess number " + guesses))
              .send(platform.baseUrl(), Account.visitor());
      guesses++;
    } while (answer.status() == 401 && guesses < 50);

    assertProblem(answer, 429);
    assertThat(Integer.parseInt(LegacyPersonasIT.header(answer, "Retry-After"))).isPositive();
  }

  private static void assertProblem(Answer answer, int status) {
    assertThat(answer.status()).as("%s: %s", answer.raw(), answer.body()).isEqualTo(status);
    assertThat(LegacyPersonasIT.header(answer, "Content-Type"))
        .isEqualTo("application/problem+json");
    JsonNode problem = answer.body();
    assertThat(problem.propertyNames())
        .contains("type", "title", "status", "detail", "instance", "error", "request_id")
        .isSubsetOf(
            "type", "title", "status", "detail", "instance", "error", "request_id", "errors");
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("instance").asString()).isEqualTo(answer.raw().uri().getRawPath());
    assertThat(problem.path("type").asString())
        .isEqualTo(
            "urn:mybella:problem:"
                + problem.path("title").asString().toLowerCase(Locale.ROOT).replace(' ', '-'));
    assertThat(problem.path("error").asString()).isNotBlank();
    assertThat(problem.path("error")).isEqualTo(problem.path("detail"));
    assertThat(problem.path("error").asString())
        .as("no names of ours")
        .doesNotContainPattern("Exception|io\\.mybella|org\\.|java\\.|\\bat [a-z]+\\.");
    assertThat(problem.path("request_id").asString())
        .isEqualTo(LegacyPersonasIT.header(answer, "X-Request-Id"));
  }
}
