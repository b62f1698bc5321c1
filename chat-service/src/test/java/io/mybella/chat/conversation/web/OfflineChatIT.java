package io.mybella.chat.conversation.web;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.testing.ContractAssertions;
import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.chat.conversation.web.ChatCalls.Event;
import io.mybella.contracts.ContractFiles;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@PlatformTest(database = "")
@TestConstructor(autowireMode = AutowireMode.ALL)
@Timeout(60)
class OfflineChatIT {

  private static final Neighbours NEIGHBOURS = new Neighbours();

  private final ChatCalls chat;
  private final ApplicationContext context;
  private final CircuitBreakerRegistry breakers;

  OfflineChatIT(
      @LocalServerPort int port, ApplicationContext context, CircuitBreakerRegistry breakers) {
    this.chat = new ChatCalls(port);
    this.context = context;
    this.breakers = breakers;
  }

  @DynamicPropertySource
  static void neighbours(DynamicPropertyRegistry properties) {
    properties.add("mybella.services.persona-url", NEIGHBOURS::url);
    properties.add("mybella.services.memory-url", NEIGHBOURS::url);
  }

  @BeforeEach
  void allIsWell() {
    NEIGHBOURS.reset();
    breakers.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
  }

  @Test
  void servesItsPartOfTheContract() {
    ContractAssertions.assertServesItsPartOfTheContract(context, "chat");
  }

  @Test
  void tellsItsPartOfTheContract() {
    ContractAssertions.assertTellsItsPartOfTheContract(context);
  }

  @Test
  void streamsTheStoredMessageTheWordsAndTheStoredReply() throws Exception {
    try (ChatCalls.Stream stream = chat.stream(4, "{\"content\": \"Hello\"}")) {
      assertThat(stream.response().statusCode()).isEqualTo(200);
      assertThat(stream.response().headers().firstValue("content-type").orElseThrow())
          .startsWith("text/event-stream");
      assertThat(stream.response().headers().firstValue("cache-control")).hasValue("no-cache");

      List<Event> events = stream.rest();

      assertThat(events.getFirst().name()).isEqualTo("message");
      assertThat(events.getFirst().data().get("id").asString()).isEqualTo(Neighbours.SAID_ID);
      assertThat(events.getFirst().data().get("content").asString()).isEqualTo("Hello");
      List<Event> deltas = events.subList(1, events.size() - 1);
      assertThat(deltas).hasSizeGreaterThan(5).allMatch(e -> e.name().equals("delta"));
      Event reply = events.getLast();
      assertThat(reply.name()).isEqualTo("reply");
      assertThat(reply.data().get("id").asString()).isEqualTo(Neighbours.REPLY_ID);
      assertThat(reply.data().get("content").asString())
          .isEqualTo(
              String.join("", deltas.stream().map(d -> d.data().get("text").asString()).toList()))
          .contains("I am Maya.")
          .contains("offline");
      assertThat(reply.data().get("engine").asString()).isEqualTo("offline");
      assertThat(reply.data().get("fallback_reason").isNull()).isTrue();
    }
  }

  @Test
  void everythingInTheStreamIsAsTheContractSays() throws Exception {
    for (Event event : chat.events(4, "{\"content\": \"Hello\", \"voice\": true}")) {
      String schema =
          switch (event.name()) {
            case "message" -> "Message";
            case "delta" -> "ChatDelta";
            case "reply" -> "ChatReply";
            case "audio" -> "ChatAudio";
            default -> throw new AssertionError("Unknown event " + event.name());
          };
      assertConforms(schema, event.data());
    }
  }

  @Test
  void remembersBothMessagesInTheCallersName() throws Exception {
    chat.events(4, "{\"content\": \"Hello\", \"client_message_id\": \"c-1\"}");

    JsonNode said = NEIGHBOURS.stored("4", "user").getFirst();
    assertThat(said.get("content").asString()).isEqualTo("Hello");
    assertThat(said.get("client_message_id").asString()).isEqualTo("c-1");
    JsonNode reply = NEIGHBOURS.stored("4", "assistant").getFirst();
    assertThat(reply.get("content").asString()).contains("I am Maya.");
    assertThat(reply.get("model").asString()).isEqualTo("mybella-offline");
    assertThat(reply.get("in_reply_to").asString()).isEqualTo(Neighbours.SAID_ID);
    assertThat(reply.has("client_message_id")).isFalse();
  }

  @Test
  void asksOnlyForThisPersonaWithTheCallersTokenAndRequestId() throws Exception {
    String token = TestTokens.bearer(7);
    chat.send(
        chat.anonymous(4, "{\"content\": \"Hello\"}")
            .header("Authorization", token)
            .header("X-Request-Id", "request-0001"));

    assertThat(NEIGHBOURS.requests())
        .hasSize(4)
        .allSatisfy(
            request -> {
              assertThat(request.getUrl()).matches("/api/personas/4(/.*)?");
              assertThat(request.getHeader("Authorization")).isEqualTo(token);
              assertThat(request.getHeader("X-Request-Id")).isEqualTo("request-0001");
            });
  }

  @Test
  void answersWithTheWholeReplyAsJson() throws Exception {
    HttpResponse<String> response = chat.json(4, "{\"content\": \"Hello\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode reply = ChatCalls.JSON.readTree(response.body());
    assertConforms("ChatReply", reply);
    assertThat(reply.get("id").asString()).isEqualTo(Neighbours.REPLY_ID);
    assertThat(reply.get("message_id").asString()).isEqualTo(Neighbours.SAID_ID);
    assertThat(reply.has("audio")).isFalse();
  }

  @Test
  void withVoiceItSaysHowToHearTheReply() throws Exception {
    Event audio = chat.events(4, "{\"content\": \"Hello\", \"voice\": true}").getLast();
    JsonNode reply =
        ChatCalls.JSON.readTree(chat.json(4, "{\"content\": \"Hello\", \"voice\": true}").body());

    assertThat(audio.name()).isEqualTo("audio");
    assertThat(audio.data().get("method").asString()).isEqualTo("POST");
    assertThat(audio.data().get("url").asString()).isEqualTo("/api/personas/4/voice/speech");
    assertThat(audio.data().at("/body/text")).isEqualTo(reply.get("content"));
    assertThat(reply.get("audio")).isEqualTo(audio.data());
  }

  @Test
  void refersToWhatWasSaidBefore() throws Exception {
    NEIGHBOURS.remembers(
        "[%s, %s]"
            .formatted(
                Neighbours.message(
                    "0198c0de-0000-7000-8000-0000000000a1", "user", "My name is Ada"),
                Neighbours.message(
                    "0198c0de-0000-7000-8000-0000000000a2", "assistant", "Hello! (offline)")));

    String body = chat.json(4, "{\"content\": \"What is my name?\"}").body();

    assertThat(ChatCalls.JSON.readTree(body).get("content").asString())
        .isEqualTo("You are Ada. Of course I remember.");
  }

  @Test
  void whatIsSaidAtTheSameTimeInAnotherTurnIsNotHistory() throws Exception {
    NEIGHBOURS.remembers(
        "[]",
        "[%s]"
            .formatted(
                Neighbours.message(
                    "0198c0de-0000-7000-8000-0000000000b1", "user", "My name is Eve")));

    String body = chat.json(4, "{\"content\": \"What is my name?\"}").body();

    assertThat(ChatCalls.JSON.readTree(body).get("content").asString()).doesNotContain("Eve");
  }

  @Test
  void theSameMessageAgainGetsTheReplyThatIsThere() throws Exception {
    ObjectNode earlier =
        Neighbours.message("0198c0de-0000-7000-8000-0000000000b2", "assistant", "I said that.");
    NEIGHBOURS.hasReplied(earlier.put("model", "mybella-offline"));

    List<Event> events = chat.events(4, "{\"content\": \"Hello\", \"client_message_id\": \"c-1\"}");

    assertThat(events).extracting(Event::name).containsExactly("message", "delta", "reply");
    assertThat(events.getLast().data().get("content").asString()).isEqualTo("I said that.");
    assertThat(events.getLast().data().get("engine").asString()).isEqualTo("offline");
    assertThat(NEIGHBOURS.stored("4", "assistant")).isEmpty();
  }

  @Test
  void theReplyThatWasRememberedFirstIsThatOfEveryTurnAtTheSameTime() throws Exception {
    NEIGHBOURS.repliesMeanwhile(
        Neighbours.message(Neighbours.REPLY_ID, "assistant", "I said that.").put("model", "other"));

    JsonNode reply =
        chat.events(4, "{\"content\": \"Hello\", \"client_message_id\": \"c-1\"}").getLast().data();

    assertThat(reply.get("content").asString()).isEqualTo("I said that.");
    assertThat(reply.get("model").asString()).isEqualTo("other");
    assertThat(reply.get("engine").asString()).isEqualTo("model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream"})
  void aPersonaThatIsNotThereIs404AndNothingIsStored(String accept) throws Exception {
    HttpResponse<String> response =
        chat.send(chat.request(5, "{\"content\": \"Hello\"}").header("Accept", accept));

    assertProblem(response, 404, "Persona not found");
    assertThat(NEIGHBOURS.requests()).hasSize(1);
  }

  @Test
  void withoutATokenNothingHappens() throws Exception {
    HttpResponse<String> response = chat.send(chat.anonymous(4, "{\"content\": \"Hello\"}"));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(NEIGHBOURS.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"content\": null}",
        "{\"content\": \"\"}",
        "{\"content\": \" \\n\"}",
        "{\"content\": \"a\\u0000b\"}",
        "{\"content\": \"a\\ud800b\"}",
        "{\"content\": \"\\udc00\"}",
        "{\"content\": {\"a\": 1}}",
        "{\"content\": \"a\", \"client_message_id\": \"\"}",
        "{\"content\": \"a\", \"voice\": \"perhaps\"}",
        "{\"content\": ",
        "[]",
        "null",
        ""
      })
  void badInputIs400AndReachesNobody(String body) throws Exception {
    HttpResponse<String> response = chat.json(4, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ChatCalls.JSON.readTree(response.body()).get("error").asString()).isNotBlank();
    assertThat(NEIGHBOURS.requests()).isEmpty();
  }

  @Test
  void contentMayHave8000CharactersAndNoMore() throws Exception {
    assertThat(chat.json(4, "{\"content\": \"" + "🙂".repeat(8_000) + "\"}").statusCode())
        .isEqualTo(200);
    assertProblem(
        chat.json(4, "{\"content\": \"" + "a".repeat(8_001) + "\"}"),
        400,
        "content may have at most 8000 characters");
  }

  @Test
  void otherMediaTypesAreRefused() throws Exception {
    assertThat(
            chat.send(chat.request(4, "{\"content\": \"x\"}").header("Accept", "text/html"))
                .statusCode())
        .isEqualTo(406);
    assertThat(
            chat.send(chat.request(4, "content=x").setHeader("Content-Type", "text/plain"))
                .statusCode())
        .isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/event-stream",
        "text/event-stream, application/json;q=0.5",
        "text/*",
        "application/json;q=0.1, text/event-stream;q=0.9"
      })
  void streamsWhenEventsArePreferred(String accept) throws Exception {
    HttpResponse<String> response =
        chat.send(chat.request(4, "{\"content\": \"Hello\"}").header("Accept", accept));

    assertThat(response.body()).startsWith("event:message\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json, text/event-stream;q=0.5", "application/*"})
  void answersWithJsonWhenThatWillDo(String accept) throws Exception {
    HttpResponse<String> response =
        chat.send(chat.request(4, "{\"content\": \"Hello\"}").header("Accept", accept));

    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
  }

  @Test
  void whenPersonaServiceIsDownTheCallerIsToldToComeBack() throws Exception {
    NEIGHBOURS
        .server()
        .stubFor(get("/api/personas/4").willReturn(aResponse().withStatus(500).withBody("{}")));

    HttpResponse<String> response = chat.json(4, "{\"content\": \"Hello\"}");

    assertProblem(response, 503, "The persona-service is not answering; try again in a moment");
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(NEIGHBOURS.stored("4", "user")).isEmpty();
  }

  @Test
  void aServiceThatKeepsFailingIsLeftAlone() throws Exception {
    NEIGHBOURS.server().stubFor(get("/api/personas/4").willReturn(aResponse().withStatus(500)));
    for (int i = 0; i < 10; i++) {
      assertThat(chat.json(4, "{\"content\": \"Hello\"}").statusCode()).isEqualTo(503);
    }

    assertThat(chat.json(4, "{\"content\": \"Hello\"}").statusCode()).isEqualTo(503);

    assertThat(NEIGHBOURS.requests()).hasSize(10);
  }

  @Test
  void aReplyThatCannotBeRememberedEndsTheStreamAsAnError() throws Exception {
    NEIGHBOURS
        .server()
        .stubFor(
            post("/api/personas/4/messages")
                .withRequestBody(matchingJsonPath("$[?(@.role == 'assistant')]"))
                .willReturn(aResponse().withStatus(503).withHeader("Retry-After", "7")));

    List<Event> events = chat.events(4, "{\"content\": \"Hello\"}");
    HttpResponse<String> whole = chat.json(4, "{\"content\": \"Hello\"}");

    assertThat(events).extracting(Event::name).doesNotContain("reply");
    assertThat(events.getLast().name()).isEqualTo("error");
    assertConforms("Problem", events.getLast().data());
    assertThat(events.getLast().data().get("status").asInt()).isEqualTo(503);
    assertThat(whole.statusCode()).isEqualTo(503);
    assertThat(whole.headers().firstValue("retry-after")).hasValue("7");
  }

  @Test
  void theMemoryIsAskedForSoMuchThatBearsOnTheBeginningOfWhatWasSaid() throws Exception {
    chat.json(4, "{\"content\": \"Where is %s?\"}".formatted("🙂".repeat(600)));

    NEIGHBOURS
        .server()
        .verify(
            getRequestedFor(urlPathEqualTo("/api/personas/4/memory/context"))
                .withQueryParam("max_tokens", equalTo("4000"))
                .withQueryParam("query", equalTo("Where is " + "🙂".repeat(491))));
  }

  @Test
  void withoutTheContextThereIsNoReplyAsIfNothingWereKnown() throws Exception {
    NEIGHBOURS
        .server()
        .stubFor(
            get(urlPathEqualTo("/api/personas/4/memory/context"))
                .willReturn(aResponse().withStatus(500)));

    List<Event> events = chat.events(4, "{\"content\": \"Hello\"}");

    assertThat(events).extracting(Event::name).containsExactly("message", "error");
    assertThat(NEIGHBOURS.stored("4", "assistant")).isEmpty();
  }

  private static void assertProblem(HttpResponse<String> response, int status, String error) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    JsonNode problem = ChatCalls.JSON.readTree(response.body());
    assertConforms("Problem", problem);
    assertThat(problem.get("error").asString()).isEqualTo(error);
  }

  private static void assertConforms(String schema, JsonNode data) {
    JsonNode document = ChatCalls.JSON.valueToTree(new Yaml().load(ContractFiles.openApi()));
    ObjectNode root = ChatCalls.JSON.createObjectNode();
    root.put("$ref", "#/$defs/" + schema);
    root.set("$defs", document.at("/components/schemas"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(
                    ChatCalls.JSON.readTree(
                        root.toString().replace("#/components/schemas/", "#/$defs/")))
                .validate(data))
        .isEmpty();
  }
}
