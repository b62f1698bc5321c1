package io.mybella.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.contracts.event.EventTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code src/test/resources/published} holds each schema as it was published first. A file there is
 * never edited except to add what was added compatibly.
 */
class SchemaCompatibilityTests {

  private static final Path PUBLISHED = Path.of("src/test/resources/published");
  private static final Path CURRENT = Path.of("schemas");

  static Stream<String> publishedSchemas() throws IOException {
    return names(PUBLISHED).stream();
  }

  @Test
  void everyEventTypeIsPublishedAndNothingElseButTheHeaders() throws IOException {
    List<String> expected =
        Stream.concat(
                Contract.eventTypes().map(type -> type + ".json"),
                Stream.of("cloudevents-headers.json"))
            .sorted()
            .toList();

    assertThat(names(CURRENT)).isEqualTo(expected);
    assertThat(names(PUBLISHED)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("publishedSchemas")
  void aPublishedSchemaOnlyGrew(String file) throws IOException {
    assertThat(
            SchemaCompatibility.breaks(read(PUBLISHED.resolve(file)), read(CURRENT.resolve(file))))
        .isEmpty();
  }

  @Test
  void anOptionalPropertyANewEnumValueAndABetterDescriptionAreCompatible() throws IOException {
    ObjectNode changed = switched();
    properties(changed).putObject("device").put("type", "string");
    ((ArrayNode) property(changed, "reason").get("enum")).add("schedule");
    property(changed, "user_id").put("description", "Who switched.");

    assertThat(SchemaCompatibility.breaks(switched(), changed)).isEmpty();
  }

  @Test
  void aRemovedPropertyIsRefused() throws IOException {
    ObjectNode changed = switched();
    properties(changed).remove("version");

    assertThat(SchemaCompatibility.breaks(switched(), changed))
        .containsExactly("version was removed");
  }

  @Test
  void aNewRequiredPropertyIsRefused() throws IOException {
    ObjectNode changed = switched();
    properties(changed).putObject("device").put("type", "string");
    ((ArrayNode) changed.get("required")).add("device");

    assertThat(SchemaCompatibility.breaks(switched(), changed))
        .containsExactly("what is required of the schema changed");
  }

  @Test
  void aRequiredPropertyThatBecomesOptionalIsRefused() throws IOException {
    ObjectNode changed = switched();
    ((ArrayNode) changed.get("required")).remove(0);

    assertThat(SchemaCompatibility.breaks(switched(), changed))
        .containsExactly("what is required of the schema changed");
  }

  @Test
  void aChangedTypeIsRefusedAlsoWhenItOnlyBecomesNullable() throws IOException {
    ObjectNode changed = switched();
    property(changed, "persona_id").put("type", "string");
    property(changed, "version").putArray("type").add("integer").add("null");

    assertThat(SchemaCompatibility.breaks(switched(), changed))
        .containsExactlyInAnyOrder("type of persona_id changed", "type of version changed");
  }

  @Test
  void aRemovedEnumValueIsRefused() throws IOException {
    ObjectNode changed = switched();
    ((ArrayNode) property(changed, "reason").get("enum")).remove(0);

    assertThat(SchemaCompatibility.breaks(switched(), changed))
        .containsExactly("values of reason were removed: [user]");
  }

  @Test
  void aForbiddenUnknownPropertyIsRefused() throws IOException {
    ObjectNode changed = switched();
    changed.put("additionalProperties", false);

    assertThat(SchemaCompatibility.breaks(switched(), changed))
        .containsExactly("additionalProperties of the schema changed");
  }

  private static ObjectNode switched() throws IOException {
    return (ObjectNode) read(PUBLISHED.resolve(EventTypes.PERSONA_SWITCHED + ".json"));
  }

  private static ObjectNode properties(ObjectNode schema) {
    return (ObjectNode) schema.get("properties");
  }

  private static ObjectNode property(ObjectNode schema, String name) {
    return (ObjectNode) properties(schema).get(name);
  }

  private static JsonNode read(Path file) throws IOException {
    return Contract.JSON.readTree(Files.readString(file));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
