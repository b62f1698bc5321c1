package io.mybella.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.contracts.event.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AsyncApiTests {

  /** Each compares the topics that it writes and reads with this document, in a test of its own. */
  private static final Set<String> SERVICES =
      Set.of("chat-service", "gateway", "memory-service", "persona-service", "voice-service");

  private final JsonNode document = Contract.YAML.readTree(ContractFiles.asyncApi());
  private final List<JsonNode> messages =
      document.at("/components/messages").valueStream().toList();

  @Test
  void everyTopicIsAChannel() {
    assertThat(document.get("channels").valueStream().map(c -> c.get("address").asString()))
        .containsExactlyInAnyOrderElementsOf(Contract.constantsOf(Topics.class).toList());
  }

  @Test
  void everyEventTypeIsAMessage() {
    assertThat(messages.stream().map(m -> m.get("name").asString()))
        .containsExactlyInAnyOrderElementsOf(Contract.eventTypes().toList());
  }

  @Test
  void everyMessageNamesItsOwnSchemaItsExampleAndTheHeaders() {
    assertThat(messages)
        .allSatisfy(
            message -> {
              String type = message.get("name").asString();
              assertThat(message.at("/payload/schema/$ref").asString())
                  .isEqualTo("schemas/" + type + ".json");
              assertThat(message.at("/headers/schema/$ref").asString())
                  .isEqualTo("schemas/cloudevents-headers.json");
              assertThat(message.get("x-example").asString())
                  .isEqualTo("examples/" + type + ".json");
              assertThat(message.get("x-example-headers").asString())
                  .isEqualTo("examples/" + type + ".headers.json");
            });
  }

  @Test
  void everyMessageIsSentOnExactlyOneChannelByAnOperation() {
    List<String> sent =
        operations("send")
            .flatMap(operation -> operation.get("messages").valueStream())
            .map(message -> document.at(message.get("$ref").asString().substring(1)))
            .map(message -> document.at(message.get("$ref").asString().substring(1)))
            .map(message -> message.get("name").asString())
            .toList();

    assertThat(sent).containsExactlyInAnyOrderElementsOf(Contract.eventTypes().toList());
  }

  @Test
  void everyTopicHasAServiceThatSendsToIt() {
    assertThat(
            operations("send")
                .map(
                    operation -> document.at(operation.at("/channel/$ref").asString().substring(1)))
                .map(channel -> channel.path("address").asString()))
        .containsAll(Contract.constantsOf(Topics.class).toList());
  }

  @Test
  void everyOperationNamesServicesOfThePlatformEachOnce() {
    assertThat(document.get("operations").valueStream())
        .allSatisfy(
            operation ->
                assertThat(operation.path("x-services").valueStream().map(JsonNode::asString))
                    .isNotEmpty()
                    .doesNotHaveDuplicates()
                    .isSubsetOf(SERVICES));
  }

  @Test
  void everyOperationSendsOrReceives() {
    assertThat(document.get("operations").valueStream())
        .extracting(operation -> operation.path("action").asString())
        .containsOnly("send", "receive");
  }

  @Test
  void anOperationNamesMessagesOfItsOwnChannel() {
    assertThat(document.get("operations").valueStream())
        .allSatisfy(
            operation -> {
              String channel = operation.at("/channel/$ref").asString();
              assertThat(operation.get("messages").valueStream())
                  .allSatisfy(
                      message ->
                          assertThat(message.get("$ref").asString())
                              .startsWith(channel + "/messages/"));
            });
  }

  @Test
  void everyReferenceResolves() {
    List<String> references =
        Contract.nodes(document)
            .filter(JsonNode::isObject)
            .filter(node -> node.path("$ref").isString())
            .map(node -> node.get("$ref").asString())
            .toList();

    assertThat(references).hasSizeGreaterThan(messages.size());
    assertThat(references)
        .allSatisfy(
            reference -> {
              if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
              } else {
                assertThat(Path.of(reference)).isRegularFile();
              }
            });
  }

  @Test
  void everyMessageSaysWhatItsKeyIs() {
    assertThat(messages)
        .allSatisfy(
            message ->
                assertThat(message.at("/bindings/kafka/key/type").asString()).isEqualTo("string"));
  }

  @Test
  void theGoldenSubjectOfAMessageMatchesItsKey() throws IOException {
    for (JsonNode message : messages) {
      String key = message.at("/bindings/kafka/key/pattern").asString();
      JsonNode headers =
          Contract.JSON.readTree(
              Files.readString(Path.of(message.get("x-example-headers").asString())));

      assertThat(headers.get("ce_subject").asString()).matches(key);
    }
  }

  @Test
  void noMessageNameIsUsedTwice() {
    assertThat(
            messages.stream()
                .map(m -> m.get("name").asString())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())))
        .allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
  }

  private Stream<JsonNode> operations(String action) {
    return document
        .get("operations")
        .valueStream()
        .filter(operation -> operation.path("action").asString().equals(action));
  }
}
