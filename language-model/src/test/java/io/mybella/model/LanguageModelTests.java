package io.mybella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.model.ModelFailure.Reason;
import io.mybella.model.testing.ModelStandIn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class LanguageModelTests {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LIMIT = 8_000;
  private static final ModelRequest HELLO =
      ModelRequest.forText(List.of(ModelMessage.said("Hello")), LIMIT);

  private final ModelStandIn server = new ModelStandIn();
  private final List<String> pieces = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void handsTheReplyOnPieceByPiece() throws Exception {
    server.behave(ModelStandIn.says("Hel", "lo", " you"));

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hel", "lo", " you");
  }

  @Test
  void asksAsTheProtocolSays() throws Exception {
    var request =
        ModelRequest.forText(
            List.of(
                ModelMessage.instructions("Be kind"),
                ModelMessage.said("Hi"),
                new ModelMessage(ModelMessage.Role.ASSISTANT, "Hello!"),
                ModelMessage.said("What now? \"€\"")),
            LIMIT);

    model().stream(request, pieces::add);

    ModelStandIn.Request sent = server.requests().getFirst();
    assertThat(sent.head())
        .startsWith("POST /v1/chat/completions HTTP/1.1")
        .containsIgnoringCase("authorization: Bearer secret")
        .containsIgnoringCase("accept: text/event-stream")
        .containsIgnoringCase("content-type: application/json");
    assertThat(JSON.readTree(sent.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"model": "test-model", "stream": true, "stream_options": {"include_usage": true},
                 "max_tokens": 50, "messages": [
                  {"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hi"},
                  {"role": "assistant", "content": "Hello!"},
                  {"role": "user", "content": "What now? \\"€\\""}]}
                """));
  }

  @Test
  void tellsWhatAReplyTook() throws Exception {
    server.behave(ModelStandIn.says("Hel", "lo", " you"));

    Usage usage = model().stream(HELLO, pieces::add);

    assertThat(usage).isEqualTo(new Usage(ModelStandIn.PROMPT_TOKENS, 3));
  }

  @Test
  void aServerThatDoesNotCountIsAskedWithoutFromThenOn() throws Exception {
    server.behave(server.forbids("stream_options", ModelStandIn.says("Hi")));
    LanguageModel model = model();

    assertThat(model.stream(HELLO, pieces::add)).isEqualTo(Usage.UNKNOWN);
    assertThat(model.stream(HELLO, pieces::add)).isEqualTo(Usage.UNKNOWN);

    assertThat(pieces).containsExactly("Hi", "Hi");
    assertThat(server.requests()).hasSize(3);
    assertThat(asked("max_tokens")).containsExactly(50, 50, 50);
    assertThat(refused("stream_options")).isOne();
  }

  @Test
  void aServerThatKnowsTheParameterButNotThisOptionIsAskedWithoutBoth() throws Exception {
    server.behave(
        answer -> {
          if (server.requests().size() == 1) {
            answer.status(
                400,
                "application/json",
                "{\"error\":{\"message\":\"Unknown\",\"param\":\"stream_options.include_usage\"}}");
          } else {
            ModelStandIn.says("Hi").answer(answer);
          }
        });

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[3, 2]",
        "{}",
        "{\"prompt_tokens\": \"3\", \"completion_tokens\": 2.5}",
        "{\"prompt_tokens\": -3, \"completion_tokens\": 20000000000}"
      })
  void whatIsNoCountIsNotTold(String usage) throws Exception {
    server.behave(
        answer -> {
          answer.startStream();
          answer.token("\"Hi\"");
          answer.event("{\"choices\":[],\"usage\":" + usage + "}");
          answer.event("[DONE]");
          answer.endStream();
        });

    assertThat(model().stream(HELLO, pieces::add)).isEqualTo(Usage.UNKNOWN);
    assertThat(pieces).containsExactly("Hi");
  }

  @Test
  void aWholeAnswerIsAskedForInOnePiece() throws Exception {
    server.behave(ModelStandIn.saysAsAWhole("All at once"));

    Completion completion = model().complete(HELLO);

    assertThat(completion.text()).isEqualTo("All at once");
    assertThat(completion.usage())
        .isEqualTo(new Usage(ModelStandIn.PROMPT_TOKENS, ModelStandIn.WHOLE_TOKENS));
    ModelStandIn.Request sent = server.requests().getFirst();
    assertThat(sent.head()).containsIgnoringCase("accept: application/json");
    assertThat(JSON.readTree(sent.body()).get("stream").asBoolean()).isFalse();
    assertThat(JSON.readTree(sent.body()).has("stream_options")).isFalse();
  }

  @Test
  void anObjectIsAskedForByItsParameter() throws Exception {
    server.behave(ModelStandIn.saysAsAWhole("{}"));

    model().complete(ModelRequest.forJson(HELLO.messages(), LIMIT));
    model().complete(HELLO);

    assertThat(JSON.readTree(server.requests().getFirst().body()).at("/response_format/type"))
        .isEqualTo(JSON.valueToTree("json_object"));
    assertThat(JSON.readTree(server.requests().getLast().body()).has("response_format")).isFalse();
  }

  @Test
  void aServerThatDoesNotKnowOfObjectsIsAskedWithoutFromThenOn() throws Exception {
    server.behave(server.forbids("response_format", ModelStandIn.saysAsAWhole("{}")));
    LanguageModel model = model();

    model.complete(ModelRequest.forJson(HELLO.messages(), LIMIT));
    model.complete(ModelRequest.forJson(HELLO.messages(), LIMIT));

    assertThat(server.requests()).hasSize(3);
    assertThat(refused("response_format")).isOne();
  }

  @Test
  void whatAModelRefusedOfAWholeAnswerItIsNotAskedOfAStream() throws Exception {
    server.behave(server.refuses("max_tokens", ModelStandIn.saysAsAWhole("Whole")));
    LanguageModel model = model();

    model.complete(HELLO);
    model.stream(HELLO, pieces::add);

    assertThat(asked("max_completion_tokens")).containsExactly(0, 50, 50);
    assertThat(JSON.readTree(server.requests().getLast().body()).get("stream").asBoolean())
        .isTrue();
  }

  @Test
  void aWholeAnswerMayTakeAsLongAsAnyReply() throws Exception {
    server.behave(
        server.after(Duration.ofMillis(600), ModelStandIn.saysAsAWhole("Well considered")));

    assertThat(
            model(server.baseUrl(), "", Duration.ofMillis(300), Duration.ofSeconds(10))
                .complete(HELLO)
                .text())
        .isEqualTo("Well considered");
  }

  @Test
  void aWholeAnswerHasABoundToo() throws Exception {
    server.behave(ModelStandIn.saysAsAWhole("x" + "🙂".repeat(100)));

    String text =
        model().complete(ModelRequest.forText(List.of(ModelMessage.said("Hello")), 10)).text();

    assertThat(text).hasSize(9).endsWith("🙂");
  }

  @Test
  void aModelThatRefusesTheOldNameOfTheBoundIsAskedByTheCurrentOneFromThenOn() throws Exception {
    server.behave(server.refuses("max_tokens", ModelStandIn.says("Hi")));
    LanguageModel model = model();

    model.stream(HELLO, pieces::add);
    model.stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi", "Hi");
    assertThat(asked("max_tokens")).containsExactly(50, 0, 0);
    assertThat(asked("max_completion_tokens")).containsExactly(0, 50, 50);
    assertThat(refused("max_tokens")).isOne();
  }

  @Test
  void aModelThatRefusesEveryBoundIsAskedWithoutOne() throws Exception {
    server.behave(
        server.forbids(
            "max_tokens", server.forbids("max_completion_tokens", ModelStandIn.says("Hi"))));

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi");
    assertThat(asked("max_tokens")).containsExactly(50, 0, 0);
    assertThat(asked("max_completion_tokens")).containsExactly(0, 50, 0);
    assertThat(refused("max_completion_tokens")).isOne();
  }

  @Test
  void aModelThatIsNotStreamedToUsIsAskedForAWhole() throws Exception {
    server.behave(
        server.refuses(
            "max_tokens", server.refuses("stream", ModelStandIn.saysAsAWhole("All at once"))));

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("All at once");
    assertThat(server.requests()).hasSize(3);
    assertThat(refused("stream")).isOne();
  }

  @Test
  void anotherRefusalIsNotAskedAgain() {
    server.behave(
        answer ->
            answer.status(
                400,
                "application/json",
                "{\"error\":{\"message\":\"Unknown model\",\"param\":\"model\"}}"));

    assertThat(failure(model())).isEqualTo(Reason.REJECTED);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reasoning_content", "reasoning"})
  void aModelThatThinksIsWaitedForAndItsThoughtsAreNotTold(String field) throws Exception {
    server.behave(server.thinks(field, Duration.ofMillis(600), "Hi"));

    model(server.baseUrl(), "", Duration.ofMillis(300), Duration.ofSeconds(10)).stream(
        HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi");
  }

  @Test
  void aModelThatThinksForeverIsNotWaitedFor() {
    server.behave(server.thinks("reasoning_content", Duration.ofSeconds(20)));

    assertThat(failure(model(server.baseUrl(), "", Duration.ofMillis(200), Duration.ofMillis(400))))
        .isEqualTo(Reason.TIMEOUT);
  }

  @Test
  void theWordsByWhichAModelDeclinesAreItsReply() throws Exception {
    server.behave(ModelStandIn.declines("I cannot", " help with that."));

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("I cannot", " help with that.");
  }

  @Test
  void whoeverDeclinesAfterAFullReplyAddsNothing() throws Exception {
    server.behave(
        answer ->
            answer.status(
                200,
                "application/json",
                "{\"choices\":[{\"message\":{\"content\":\"%s\",\"refusal\":\"No\"}}]}"
                    .formatted("x".repeat(LIMIT))));

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("x".repeat(LIMIT));
  }

  @Test
  void withoutAKeyNoneIsSent() throws Exception {
    model(server.baseUrl() + "/", "", Duration.ofSeconds(5)).stream(HELLO, pieces::add);

    assertThat(server.requests().getFirst().head())
        .startsWith("POST /v1/chat/completions ")
        .doesNotContainIgnoringCase("authorization");
  }

  @Test
  void aStreamMayHaveCommentsUsageAndWindowsLines() throws Exception {
    server.behave(
        answer -> {
          answer.startStream();
          answer.chunk(": keep-alive\r\n\r\n");
          answer.chunk("data:{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\r\n\r\n");
          answer.chunk("data: {\"choices\":[{\"delta\":{\"content\":null}}]}\r\n\r\n");
          answer.chunk("data: {\"choices\":[],\"usage\":{\"total_tokens\":3}}\r\n\r\n");
          answer.chunk("data: [DONE]\r\n\r\n");
          answer.endStream();
        });

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi");
  }

  @Test
  void aStreamMayEndWithItsFinishReasonAlone() throws Exception {
    server.behave(
        answer -> {
          answer.startStream();
          answer.token("\"Hi\"");
          answer.finish();
          answer.endStream();
        });

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi");
  }

  @Test
  void aCharacterCutBetweenChunksArrivesWhole() throws Exception {
    byte[] event =
        "data: {\"choices\":[{\"delta\":{\"content\":\"Grüße 🙂\"}}]}\n\n"
            .getBytes(StandardCharsets.UTF_8);
    server.behave(
        answer -> {
          answer.startStream();
          for (byte each : event) {
            answer.chunk(new byte[] {each});
          }
          answer.token("\"\\ud83d\"");
          answer.token("\"\\ude00 \\u0000\\ud800!\"");
          answer.event("[DONE]");
          answer.endStream();
        });

    model().stream(HELLO, pieces::add);

    assertThat(String.join("", pieces)).isEqualTo("Grüße 🙂😀 \uFFFD!");
  }

  @Test
  void aServerThatDoesNotStreamIsUnderstoodToo() throws Exception {
    server.behave(
        answer ->
            answer.status(
                200,
                "application/json",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Whole\"}}]}"));

    model().stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Whole");
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORIZED",
    "403, UNAUTHORIZED",
    "400, REJECTED",
    "404, REJECTED",
    "429, RATE_LIMITED",
    "500, SERVER_ERROR",
    "503, SERVER_ERROR",
    "302, PROTOCOL_ERROR"
  })
  void aRefusalIsNamed(int status, Reason reason) {
    server.behave(ModelStandIn.fails(status));

    assertThat(failure(model())).isEqualTo(reason);
    assertThat(pieces).isEmpty();
  }

  @Test
  void aStreamThatIsCutIsAFailureAfterWhatWasSaid() {
    server.behave(ModelStandIn.cutAfter("Once", " upon"));

    assertThat(failure(model())).isEqualTo(Reason.UNREACHABLE);
    assertThat(pieces).containsExactly("Once", " upon");
  }

  @Test
  void aStreamThatEndsWithoutAnEndIsCut() {
    server.behave(
        answer -> {
          answer.startStream();
          answer.token("\"Once\"");
          answer.endStream();
        });

    assertThat(failure(model())).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void anErrorMidwayIsAFailure() {
    server.behave(
        answer -> {
          answer.startStream();
          answer.token("\"Once\"");
          answer.event("{\"error\":{\"message\":\"overloaded\"}}");
          answer.endStream();
        });

    assertThat(failure(model())).isEqualTo(Reason.SERVER_ERROR);
  }

  @Test
  void aModelThatStaysSilentIsNotWaitedFor() {
    server.behave(server.stallsAfter());

    assertThat(failure(model(server.baseUrl(), "", Duration.ofMillis(200))))
        .isEqualTo(Reason.TIMEOUT);
  }

  @Test
  void aModelThatFallsSilentIsNotWaitedFor() {
    server.behave(server.stallsAfter("Once"));

    assertThat(failure(model(server.baseUrl(), "", Duration.ofMillis(200))))
        .isEqualTo(Reason.TIMEOUT);
    assertThat(pieces).containsExactly("Once");
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() {
    String gone = server.baseUrl();
    server.close();

    assertThat(failure(model(gone, "", Duration.ofSeconds(5)))).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void nonsenseIsAProtocolError() {
    server.behave(answer -> answer.status(200, "text/html", "<html>Sign in</html>"));
    assertThat(failure(model())).isEqualTo(Reason.PROTOCOL_ERROR);

    server.behave(
        answer -> {
          answer.startStream();
          answer.event("{not json");
          answer.endStream();
        });
    assertThat(failure(model())).isEqualTo(Reason.PROTOCOL_ERROR);

    server.behave(ModelStandIn.says(" ", "\\n"));
    assertThat(failure(model())).isEqualTo(Reason.PROTOCOL_ERROR);
    assertThat(pieces).isEmpty();
  }

  @Test
  void anEndlessLineIsNotCollected() {
    server.behave(
        answer -> {
          answer.startStream();
          answer.chunk("data: " + "x".repeat(300 * 1024));
          answer.chunk("x".repeat(300 * 1024));
          answer.endStream();
        });

    assertThat(failure(model())).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void aReplyThatDoesNotEndIsEndedAtItsBoundWithoutCuttingACharacter() throws Exception {
    server.behave(ModelStandIn.says("x", "🙂".repeat(3_000), "🙂".repeat(3_000), "more"));

    model().stream(HELLO, pieces::add);

    String reply = String.join("", pieces);
    assertThat(reply).hasSize(LIMIT - 1).endsWith("🙂");
  }

  @Test
  void whenTheListenerStopsTheTransferEnds() throws Exception {
    server.behave(server.neverStops());
    LanguageModel model = model();

    assertThatThrownBy(
            () ->
                model.stream(
                    HELLO,
                    piece -> {
                      throw new IllegalStateException("gone");
                    }))
        .hasMessage("gone");

    assertThat(server.clientGone().await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void afterManyFailuresItIsNotAskedForAWhile() {
    server.behave(ModelStandIn.fails(500));
    LanguageModel model = model();

    for (int i = 0; i < 5; i++) {
      assertThat(failure(model)).isEqualTo(Reason.SERVER_ERROR);
    }

    assertThat(failure(model)).isEqualTo(Reason.BREAKER_OPEN);
    assertThat(server.requests()).hasSize(5);
  }

  @Test
  void refusedRequestsAndGoneListenersDoNotSpeakAgainstTheModel() throws Exception {
    LanguageModel model = model();
    server.behave(ModelStandIn.fails(400));
    for (int i = 0; i < 6; i++) {
      assertThat(failure(model)).isEqualTo(Reason.REJECTED);
    }

    server.behave(ModelStandIn.says("Hi"));
    model.stream(HELLO, pieces::add);

    assertThat(pieces).containsExactly("Hi");
  }

  @Test
  void theKeyIsNotPrinted() {
    assertThat(
            properties(server.baseUrl(), "secret", Duration.ofSeconds(5), Duration.ofSeconds(5))
                .toString())
        .doesNotContain("secret");
  }

  private Reason failure(LanguageModel model) {
    return catchThrowableOfType(ModelFailure.class, () -> model.stream(HELLO, pieces::add))
        .reason();
  }

  private LanguageModel model() {
    return model(server.baseUrl(), "secret", Duration.ofSeconds(5));
  }

  private LanguageModel model(String baseUrl, String key, Duration timeout) {
    return model(baseUrl, key, timeout, timeout);
  }

  private LanguageModel model(String baseUrl, String key, Duration firstToken, Duration timeout) {
    return new LanguageModel(
        properties(baseUrl, key, firstToken, timeout),
        JSON,
        CircuitBreakerRegistry.ofDefaults(),
        meters);
  }

  private static ModelProperties properties(
      String baseUrl, String key, Duration firstToken, Duration timeout) {
    return new ModelProperties(
        baseUrl, key, "test-model", Duration.ofSeconds(2), firstToken, timeout, 50, 100);
  }

  /** The values of a parameter in the requests; 0 where it was not sent. */
  private List<Integer> asked(String parameter) {
    return server.requests().stream()
        .map(request -> JSON.readTree(request.body()).path(parameter).asInt(0))
        .toList();
  }

  private double refused(String parameter) {
    return meters.counter("mybella.model.parameters.refused", "parameter", parameter).count();
  }
}
