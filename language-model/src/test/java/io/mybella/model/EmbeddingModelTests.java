package io.mybella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.model.EmbeddingModel.Kind;
import io.mybella.model.ModelFailure.Reason;
import io.mybella.model.testing.ModelStandIn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class EmbeddingModelTests {

  private static final Kind KIND = new Kind("test-vectors", 0);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ModelStandIn server = new ModelStandIn();
  private final EmbeddingModel model = model("secret");

  @AfterEach
  void end() {
    server.close();
  }

  private EmbeddingModel model(String key) {
    return new EmbeddingModel(
        new EmbeddingProperties(
            server.baseUrl(), key, "test-vectors", 0, "", "", LIMIT, LIMIT, LIMIT),
        JsonMapper.shared(),
        CircuitBreakerRegistry.ofDefaults());
  }

  @Test
  void givesEachTextItsVectorInWhateverOrderTheyCome() throws Exception {
    server.behave(ModelStandIn.embeds(text -> new float[] {text.length(), 1}));
    assertThat(model.vectors(KIND, List.of("a", "four", "xx"), LIMIT))
        .containsExactly(new float[] {1, 1}, new float[] {4, 1}, new float[] {2, 1});
  }

  @Test
  void asksAsTheProtocolSays() throws Exception {
    server.behave(ModelStandIn.embeds(_ -> new float[256]));
    model.vectors(new Kind("test-vectors", 256), List.of("\"€\""), LIMIT);
    model("").vectors(KIND, List.of("x"), LIMIT);
    ModelStandIn.Request asked = server.requests().getFirst();
    assertThat(asked.head())
        .containsPattern("POST \\S*/embeddings HTTP/1.1")
        .containsIgnoringCase("Authorization: Bearer secret");
    JsonNode body = JsonMapper.shared().readTree(asked.body());
    assertThat(body.path("model").asString()).isEqualTo("test-vectors");
    assertThat(body.path("encoding_format").asString()).isEqualTo("float");
    assertThat(body.path("dimensions").asInt()).isEqualTo(256);
    assertThat(body.at("/input/0").asString()).isEqualTo("\"€\"");
    ModelStandIn.Request other = server.requests().getLast();
    assertThat(other.head()).doesNotContainIgnoringCase("Authorization");
    assertThat(JsonMapper.shared().readTree(other.body()).has("dimensions")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "400, REJECTED",
    "401, UNAUTHORIZED",
    "403, UNAUTHORIZED",
    "404, REJECTED",
    "408, TIMEOUT",
    "429, RATE_LIMITED",
    "500, SERVER_ERROR",
    "503, SERVER_ERROR",
    "302, PROTOCOL_ERROR"
  })
  void aStatusTellsWhatIsWrong(int status, Reason reason) {
    server.behave(ModelStandIn.fails(status));
    assertThat(failure(LIMIT).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "{}",
        "{\"data\":[]}",
        "{\"data\":[{\"index\":0,\"embedding\":[]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[\"x\"]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[1e999]}]}",
        "{\"data\":[{\"index\":1,\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":[1]}]}",
        "{\"data\":{\"index\":0,\"embedding\":[1]}}"
      })
  void whatIsNoVectorIsNotTaken(String body) {
    server.behave(answer -> answer.status(200, "application/json", body));
    assertThat(failure(LIMIT).reason()).isEqualTo(Reason.PROTOCOL_ERROR);
  }

  @Test
  void vectorsOfAnotherSizeThanWasAskedForAreNotTaken() {
    server.behave(ModelStandIn.embeds(_ -> new float[] {1, 2}));
    ModelFailure failure =
        catchThrowableOfType(
            ModelFailure.class,
            () -> model.vectors(new Kind("test-vectors", 3), List.of("x"), LIMIT));
    assertThat(failure.reason()).isEqualTo(Reason.PROTOCOL_ERROR);
  }

  @Test
  void anAnswerThatIsTooLateOrTooLongOrCutEndsTheTransfer() {
    server.behave(server.stallsAfter("1"));
    assertThat(failure(Duration.ofMillis(300)).reason()).isEqualTo(Reason.TIMEOUT);
    server.behave(
        answer -> answer.status(200, "application/json", "[" + " ".repeat(9 << 20) + "]"));
    assertThat(failure(LIMIT).reason()).isEqualTo(Reason.UNREACHABLE);
    server.behave(ModelStandIn.cutAfter("1"));
    assertThat(failure(LIMIT).reason()).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void whoFailsTooOftenIsNotAskedForAWhile() {
    server.behave(ModelStandIn.fails(500));
    for (int i = 0; i < 5; i++) {
      assertThat(failure(LIMIT).reason()).isEqualTo(Reason.SERVER_ERROR);
    }
    assertThat(failure(LIMIT).reason()).isEqualTo(Reason.BREAKER_OPEN);
    assertThat(server.requests()).hasSize(5);
  }

  private ModelFailure failure(Duration limit) {
    return catchThrowableOfType(ModelFailure.class, () -> model.vectors(KIND, List.of("x"), limit));
  }
}
