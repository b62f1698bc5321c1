package io.mybella.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.AccountErased;
import io.mybella.contracts.event.CustomVoiceChanged;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaDeleted;
import io.mybella.contracts.event.PersonaErased;
import io.mybella.contracts.event.PersonaSnapshot;
import io.mybella.contracts.event.PersonaSwitched;
import io.mybella.contracts.event.SynthesisCompleted;
import io.mybella.contracts.event.SynthesisFailed;
import io.mybella.contracts.event.SynthesisRequested;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EventSchemaTests {

  private static final Map<String, Class<? extends Record>> RECORDS =
      Map.ofEntries(
          Map.entry(EventTypes.PERSONA_CREATED, PersonaSnapshot.class),
          Map.entry(EventTypes.PERSONA_UPDATED, PersonaSnapshot.class),
          Map.entry(EventTypes.PERSONA_DELETED, PersonaDeleted.class),
          Map.entry(EventTypes.PERSONA_SWITCHED, PersonaSwitched.class),
          Map.entry(EventTypes.PERSONA_ERASED, PersonaErased.class),
          Map.entry(EventTypes.ACCOUNT_DELETED, AccountDeleted.class),
          Map.entry(EventTypes.ACCOUNT_ERASED, AccountErased.class),
          Map.entry(EventTypes.CUSTOM_VOICE_CHANGED, CustomVoiceChanged.class),
          Map.entry(EventTypes.SYNTHESIS_REQUESTED, SynthesisRequested.class),
          Map.entry(EventTypes.SYNTHESIS_COMPLETED, SynthesisCompleted.class),
          Map.entry(EventTypes.SYNTHESIS_FAILED, SynthesisFailed.class));

  static Stream<String> eventTypes() {
    return Contract.eventTypes();
  }

  @Test
  void everyEventTypeHasARecord() {
    assertThat(RECORDS.keySet())
        .containsExactlyInAnyOrderElementsOf(Contract.eventTypes().toList());
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void theGoldenExampleIsValid(String type) {
    assertThat(Contract.errors(schema(type), example(type))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void theRecordIsWrittenExactlyAsTheGoldenExample(String type) {
    Record data = Contract.JSON.treeToValue(example(type), RECORDS.get(type));

    JsonNode written = Contract.JSON.readTree(Contract.JSON.writeValueAsString(data));

    assertThat(written).isEqualTo(example(type));
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void theSchemaDescribesEveryComponentOfTheRecordAndRequiresIt(String type) {
    List<String> written =
        List.copyOf(
            Contract.JSON
                .valueToTree(Contract.JSON.treeToValue(example(type), RECORDS.get(type)))
                .propertyNames());

    assertThat(List.copyOf(schema(type).get("properties").propertyNames()))
        .containsExactlyInAnyOrderElementsOf(written);
    assertThat(schema(type).get("required").valueStream().map(JsonNode::asString))
        .containsExactlyInAnyOrderElementsOf(written);
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void anExampleWithoutARequiredPropertyIsInvalid(String type) {
    for (String required : List.copyOf(example(type).propertyNames())) {
      ObjectNode incomplete = example(type).deepCopy();
      incomplete.remove(required);

      assertThat(Contract.errors(schema(type), incomplete)).as("without " + required).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void aPropertyOfALaterVersionIsNoError(String type) {
    ObjectNode later = example(type).deepCopy();
    later.put("added_later", true);

    assertThat(Contract.errors(schema(type), later)).isEmpty();
    assertThat(Contract.JSON.treeToValue(later, RECORDS.get(type)))
        .isEqualTo(Contract.JSON.treeToValue(example(type), RECORDS.get(type)));
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void theGoldenHeadersAreValidAndNameTypeAndSchema(String type) {
    JsonNode headers = Contract.JSON.readTree(ContractFiles.exampleHeaders(type));

    assertThat(Contract.errors(Contract.JSON.readTree(ContractFiles.headersSchema()), headers))
        .isEmpty();
    assertThat(headers.get("ce_type").asString()).isEqualTo(type);
    assertThat(headers.get("ce_dataschema")).isEqualTo(schema(type).get("$id"));
  }

  @ParameterizedTest
  @MethodSource("eventTypes")
  void noEventHasRoomForChatTextSecretsOrAddresses(String type) {
    assertThat(List.copyOf(schema(type).get("properties").propertyNames()))
        .doesNotContain("text", "content", "message", "email", "password", "key", "token");
  }

  @Test
  void anUnknownTypeIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ContractFiles.schema("io.mybella.unheard.of.v1"))
        .withMessageContaining("io.mybella.unheard.of.v1");
  }

  private static JsonNode schema(String type) {
    return Contract.JSON.readTree(ContractFiles.schema(type));
  }

  private static ObjectNode example(String type) {
    return (ObjectNode) Contract.JSON.readTree(ContractFiles.example(type));
  }
}
