package io.mybella.chat.conversation.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chat.conversation.web.ChatCalls.Event;
import io.mybella.contracts.TextLimits;
import io.mybella.model.testing.ModelStandIn;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
import tools.jackson.databind.JsonNode;

@PlatformTest(database = "")
@TestConstructor(autowireMode = AutowireMode.ALL)
@Timeout(60)
class ModelChatIT {

  private static final Neighbours NEIGHBOURS = new Neighbours();
  private static final ModelStandIn MODEL = new ModelStandIn();

  private final ChatCalls chat;
  private final CircuitBreakerRegistry breakers;

  ModelChatIT(@LocalServerPort int port, CircuitBreakerRegistry breakers) {
    this.chat = new ChatCalls(port);
    this.breakers = breakers;
  }

  @DynamicPropertySource
  static void neighbours(DynamicPropertyRegistry properties) {
    properties.add("mybella.services.persona-url", NEIGHBOURS::url);
    properties.add("mybella.services.memory-url", NEIGHBOURS::url);
    properties.add("mybella.chat.model.base-url", MODEL::baseUrl);
    properties.add("mybella.chat.model.name", () -> "test-model");
    properties.add("mybella.chat.model.first-token-timeout", () -> "2s");
  }

  @BeforeEach
  void allIsWell() {
    NEIGHBOURS.reset();
    MODEL.behave(ModelStandIn.says("Look", " at", " the moon."));
    breakers.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
  }

  @Test
  void theModelsReplyIsStreamedAndRememberedWithItsName() throws Exception {
    List<Event> events = chat.events(4, "{\"content\": \"Hello\"}");

    assertThat(events)
        .extracting(Event::name)
        .containsExactly("message", "delta", "delta", "delta", "reply");
    JsonNode reply = events.getLast().data();
    assertThat(reply.get("content").asString()).isEqualTo("Look at the moon.");
    assertThat(reply.get("engine").asString()).isEqualTo("model");
    assertThat(reply.get("model").asString()).isEqualTo("test-model");
    assertThat(NEIGHBOURS.stored("4", "assistant").getFirst().get("model").asString())
        .isEqualTo("test-model");
  }

  @Test
  void whatTheReplyCostIsRememberedAsTheServerCountsIt() throws Exception {
    chat.json(4, "{\"content\": \"Hello\"}");

    assertThat(NEIGHBOURS.stored("4", "assistant").getFirst().get("tokens").asInt()).isEqualTo(3);
    assertThat(NEIGHBOURS.stored("4", "user").getFirst().has("tokens")).isFalse();
  }

  @Test
  void whereTheServerDoesNotCountNoCostIsRemembered() throws Exception {
    MODEL.behave(
        answer -> {
          answer.startStream();
          answer.token("\"Look up.\"");
          answer.event("[DONE]");
          answer.endStream();
        });

    assertThat(
            ChatCalls.JSON
                .readTree(chat.json(4, "{\"content\": \"Hello\"}").body())
                .get("engine")
                .asString())
        .isEqualTo("model");

    assertThat(NEIGHBOURS.stored("4", "assistant").getFirst().has("tokens")).isFalse();
  }

  @Test
  void aWordReachesTheCallerBeforeTheModelHasSaidTheNext() throws Exception {
    var heard = new CountDownLatch(1);
    MODEL.behave(
        answer -> {
          answer.startStream();
          answer.token("\"One\"");
          if (heard.await(30, TimeUnit.SECONDS)) {
            answer.token("\" two\"");
          }
          answer.finish();
          answer.endStream();
        });

    try (ChatCalls.Stream stream = chat.stream(4, "{\"content\": \"Count\"}")) {
      assertThat(stream.next().name()).isEqualTo("message");
      assertThat(stream.next().data().get("text").asString()).isEqualTo("One");
      heard.countDown();

      assertThat(stream.rest().getLast().data().get("content").asString()).isEqualTo("One two");
    }
  }

  @Test
  void ofAReplyThatIsTooLongToBeSpokenItsFirstSentencesAreOffered() throws Exception {
    MODEL.behave(ModelStandIn.says("It was a dark night, and long. ".repeat(200)));

    List<Event> events = chat.events(4, "{\"content\": \"Tell\", \"voice\": true}");

    String offered = events.getLast().data().at("/body/text").asString();
    assertThat(offered).hasSizeBetween(4_900, TextLimits.SPEECH).endsWith("and long.");
    assertThat(events.get(events.size() - 2).data().get("content").asString())
        .hasSizeGreaterThan(TextLimits.SPEECH)
        .startsWith(offered);
  }

  @Test
  void ofASentenceThatIsTooLongToBeSpokenItsFirstWordsAreOffered() throws Exception {
    MODEL.behave(ModelStandIn.says("word ".repeat(1_200), "🙂".repeat(900)));

    JsonNode whole =
        ChatCalls.JSON.readTree(chat.json(4, "{\"content\": \"Tell\", \"voice\": true}").body());

    assertThat(whole.at("/audio/body/text").asString())
        .hasSizeBetween(4_900, TextLimits.SPEECH)
        .endsWith("word");
  }

  @ParameterizedTest
  @CsvSource({"500, server_error", "429, rate_limited", "401, unauthorized", "400, rejected"})
  void whenTheModelFailsTheOfflineEngineRepliesAndSaysSo(int status, String reason)
      throws Exception {
    MODEL.behave(ModelStandIn.fails(status));

    JsonNode reply = ChatCalls.JSON.readTree(chat.json(4, "{\"content\": \"Hello\"}").body());

    assertThat(reply.get("engine").asString()).isEqualTo("offline");
    assertThat(reply.get("model").asString()).isEqualTo("mybella-offline");
    assertThat(reply.get("fallback_reason").asString()).isEqualTo(reason);
    assertThat(reply.get("content").asString()).contains("I am Maya.");
  }

  @Test
  void aModelThatStaysSilentIsReplacedInTime() throws Exception {
    MODEL.behave(MODEL.stallsAfter());

    List<Event> events = chat.events(4, "{\"content\": \"Hello\"}");

    assertThat(events.getLast().data().get("fallback_reason").asString()).isEqualTo("timeout");
  }

  @Test
  void aReplyThatBreaksOffIsAnErrorAndNotRemembered() throws Exception {
    MODEL.behave(ModelStandIn.cutAfter("Once", " upon"));

    List<Event> events = chat.events(4, "{\"content\": \"Tell me a story\"}");

    assertThat(events)
        .extracting(Event::name)
        .containsExactly("message", "delta", "delta", "error");
    assertThat(events.getLast().data().get("status").asInt()).isEqualTo(502);
    assertThat(events.getLast().data().get("error").asString()).contains("broke off");
    assertThat(NEIGHBOURS.stored("4", "user")).hasSize(1);
    assertThat(NEIGHBOURS.stored("4", "assistant")).isEmpty();
  }

  @Test
  void aReplyThatBreaksOffIs502WhenTheCallerWantsItWhole() throws Exception {
    MODEL.behave(ModelStandIn.cutAfter("Once", " upon"));

    assertThat(chat.json(4, "{\"content\": \"Tell me a story\"}").statusCode()).isEqualTo(502);
    assertThat(NEIGHBOURS.stored("4", "assistant")).isEmpty();
  }

  @Test
  void whenTheCallerHangsUpTheModelIsStoppedAndNoReplyIsRemembered() throws Exception {
    MODEL.behave(MODEL.neverStops());

    try (ChatCalls.Stream stream = chat.stream(4, "{\"content\": \"Tell me everything\"}")) {
      assertThat(stream.next().name()).isEqualTo("message");
      assertThat(stream.next().name()).isEqualTo("delta");
    }

    assertThat(MODEL.clientGone().await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(NEIGHBOURS.stored("4", "user")).hasSize(1);
    assertThat(NEIGHBOURS.stored("4", "assistant")).isEmpty();
  }

  @Test
  void theModelIsGivenThePersonaAndItsHistoryOnly() throws Exception {
    NEIGHBOURS.remembers(
        "[%s]"
            .formatted(
                Neighbours.message(
                    "0198c0de-0000-7000-8000-0000000000a1", "user", "I like stars")));

    chat.json(4, "{\"content\": \"And you?\"}");

    JsonNode messages = ChatCalls.JSON.readTree(MODEL.requests().getFirst().body()).get("messages");
    assertThat(messages.at("/0/content").asString()).contains("You are Maya", "Look up");
    assertThat(messages.valueStream().skip(1).map(m -> m.get("content").asString()))
        .containsExactly("I like stars", "And you?");
  }

  @Test
  void theSameMessageAgainDoesNotAskTheModelAgain() throws Exception {
    NEIGHBOURS.hasReplied(
        Neighbours.message("0198c0de-0000-7000-8000-0000000000b2", "assistant", "I said that.")
            .put("model", "test-model"));

    String body = chat.json(4, "{\"content\": \"Hello\", \"client_message_id\": \"c-1\"}").body();

    assertThat(ChatCalls.JSON.readTree(body).get("content").asString()).isEqualTo("I said that.");
    assertThat(ChatCalls.JSON.readTree(body).get("engine").asString()).isEqualTo("model");
    assertThat(MODEL.requests()).isEmpty();
  }
}
