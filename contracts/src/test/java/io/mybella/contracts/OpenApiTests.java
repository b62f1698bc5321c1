package io.mybella.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OpenApiTests {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final Pattern PATH_VARIABLE = Pattern.compile("\\{([^}]+)}");

  private final JsonNode document = Contract.YAML.readTree(ContractFiles.openApi());
  private final List<Operation> operations =
      document.get("paths").properties().stream()
          .flatMap(
              path ->
                  path.getValue().properties().stream()
                      .filter(method -> METHODS.contains(method.getKey()))
                      .map(
                          method ->
                              new Operation(
                                  method.getKey(),
                                  path.getKey(),
                                  path.getValue(),
                                  method.getValue())))
          .toList();

  @Test
  void isAnOpenApi31Document() {
    assertThat(document.get("openapi").asString()).startsWith("3.1.");
  }

  @Test
  void theLegacyContractIsThere() {
    assertThat(operations.stream().map(Operation::toString))
        .contains(
            "get /api/personas/available",
            "post /api/personas/create",
            "put /api/personas/{id}",
            "delete /api/personas/{id}",
            "post /api/personas/switch",
            "get /api/personas/voice-presets",
            "post /api/personas/{id}/voice/upload");
  }

  @ParameterizedTest
  @CsvSource({
    "/components/schemas/NewMessage/properties/content, " + TextLimits.MESSAGE,
    "/components/schemas/NewMessage/properties/client_message_id, " + TextLimits.CLIENT_MESSAGE_ID,
    "/components/schemas/BatchMessage/properties/content, " + TextLimits.MESSAGE,
    "/components/schemas/BatchMessage/properties/client_message_id, "
        + TextLimits.CLIENT_MESSAGE_ID,
    "/paths/~1api~1personas~1{id}~1messages~1{message_id}/patch/requestBody/content"
        + "/application~1json/schema/properties/content, "
        + TextLimits.MESSAGE,
    "/components/schemas/ChatRequest/properties/content, " + TextLimits.SAID,
    "/components/schemas/ChatRequest/properties/client_message_id, " + TextLimits.CLIENT_MESSAGE_ID,
    "/components/schemas/ChatReply/properties/content, " + TextLimits.MESSAGE,
    "/components/schemas/ChatDelta/properties/text, " + TextLimits.MESSAGE,
    "/components/schemas/ChatAudio/properties/body/properties/text, " + TextLimits.SPEECH,
    "/paths/~1api~1personas~1{id}~1voice~1speech/post/requestBody/content/application~1json/schema"
        + "/properties/text, "
        + TextLimits.SPEECH,
    "/paths/~1api~1personas~1{id}~1memory~1recall/get/parameters/0/schema, " + TextLimits.QUERY,
    "/paths/~1api~1personas~1{id}~1memory~1search/get/parameters/0/schema, " + TextLimits.SEARCH,
    "/paths/~1api~1personas~1{id}~1memory~1preferences~1{category}~1{key}/parameters/1/schema, "
        + TextLimits.PREFERENCE_CATEGORY,
    "/paths/~1api~1personas~1{id}~1memory~1preferences~1{category}~1{key}/parameters/2/schema, "
        + TextLimits.PREFERENCE_KEY,
    "/paths/~1api~1personas~1{id}~1memory~1preferences~1{category}~1{key}/put/requestBody/content"
        + "/application~1json/schema/properties/value, "
        + TextLimits.PREFERENCE_VALUE,
    "/paths/~1api~1personas~1{id}~1memory~1context/get/parameters/1/schema, " + TextLimits.QUERY
  })
  void aTextIsAsLongAsTheServicesTakeIt(String schema, int limit) {
    assertThat(document.at(schema).path("maxLength").asInt()).isEqualTo(limit);
  }

  @Test
  void theBoundsOfMetadataAreSaid() {
    assertThat(
            document
                .at("/components/schemas/NewMessage/properties/metadata/description")
                .asString())
        .contains(TextLimits.METADATA + " characters", TextLimits.METADATA_DEPTH + " objects");
  }

  @Test
  void everyReferenceResolves() {
    List<String> references =
        Contract.nodes(document)
            .filter(JsonNode::isObject)
            .filter(node -> node.path("$ref").isString())
            .map(node -> node.get("$ref").asString())
            .toList();

    assertThat(references).hasSizeGreaterThan(100);
    assertThat(references)
        .allSatisfy(
            reference -> {
              assertThat(reference).startsWith("#/components/");
              assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
            });
  }

  @Test
  void everyComponentIsUsed() {
    Set<String> used =
        Contract.nodes(document)
            .filter(node -> node.isObject() && node.path("$ref").isString())
            .map(node -> node.get("$ref").asString())
            .collect(Collectors.toSet());
    List<String> components =
        Stream.of("parameters", "headers", "responses", "schemas")
            .flatMap(
                kind ->
                    document.at("/components/" + kind).propertyNames().stream()
                        .map(name -> "#/components/" + kind + "/" + name))
            // The data of a server-sent event, which OpenAPI 3.1 cannot refer to.
            .filter(reference -> !reference.equals("#/components/schemas/ChatDelta"))
            .toList();

    assertThat(used).containsAll(components);
  }

  @Test
  void everyOperationIdIsUnique() {
    assertThat(operations.stream().map(o -> o.value().get("operationId").asString()))
        .doesNotHaveDuplicates()
        .hasSameSizeAs(operations);
  }

  @Test
  void everyOperationNamesItsServiceAndATagThatExists() {
    Set<String> tags =
        document
            .get("tags")
            .valueStream()
            .map(tag -> tag.get("name").asString())
            .collect(Collectors.toSet());

    assertThat(operations)
        .allSatisfy(
            operation -> {
              assertThat(operation.value().path("x-service").asString())
                  .isIn("persona", "memory", "voice", "chat", "gateway");
              assertThat(operation.value().get("tags").valueStream().map(JsonNode::asString))
                  .isNotEmpty()
                  .isSubsetOf(tags);
            });
  }

  @Test
  void everyPathVariableIsDescribed() {
    assertThat(operations)
        .allSatisfy(
            operation -> {
              List<String> described =
                  Stream.of(operation.item(), operation.value())
                      .flatMap(node -> node.path("parameters").valueStream())
                      .map(this::resolved)
                      .filter(parameter -> parameter.get("in").asString().equals("path"))
                      .map(parameter -> parameter.get("name").asString())
                      .toList();
              assertThat(
                      PATH_VARIABLE
                          .matcher(operation.path())
                          .results()
                          .map(found -> found.group(1)))
                  .containsExactlyInAnyOrderElementsOf(described);
            });
  }

  @Test
  void unsafeMethodsNeedACsrfTokenOrAnApiKey() {
    assertThat(operations)
        .filteredOn(operation -> !operation.method().equals("get"))
        .allSatisfy(
            operation ->
                assertThat(operation.value().path("security").valueStream())
                    .isNotEmpty()
                    .allMatch(way -> way.has("csrfToken") || way.has("apiKey")));
  }

  @Test
  void everyErrorIsAProblem() {
    assertThat(operations)
        .allSatisfy(
            operation ->
                assertThat(operation.value().get("responses").properties())
                    .filteredOn(response -> response.getKey().compareTo("400") >= 0)
                    .allSatisfy(
                        response ->
                            assertThat(
                                    resolved(response.getValue())
                                        .at("/content/application~1problem+json/schema/$ref")
                                        .asString())
                                .isEqualTo("#/components/schemas/Problem")));
  }

  @Test
  void whatNeedsSigningInAnswers401WithoutIt() {
    assertThat(operations)
        .filteredOn(operation -> operation.path().startsWith("/api/personas"))
        .allSatisfy(
            operation -> assertThat(operation.value().get("responses").has("401")).isTrue());
  }

  @Test
  void everyExampleIsValid() {
    List<JsonNode> media =
        Contract.nodes(document)
            .filter(node -> node.isObject() && node.has("schema") && node.has("example"))
            .toList();

    assertThat(media).hasSizeGreaterThan(25);
    assertThat(media)
        .allSatisfy(
            node ->
                assertThat(errors(node.get("schema"), node.get("example")))
                    .as(node.get("example").toString())
                    .isEmpty());
  }

  @Test
  void theStreamInTheExampleIsValidEventByEvent() {
    String stream =
        document
            .at("/paths/~1api~1personas~1{id}~1chat/post/responses/200/content")
            .at("/text~1event-stream/example")
            .asString();
    Map<String, String> schemas =
        Map.of("message", "Message", "delta", "ChatDelta", "reply", "ChatReply");

    String[] events = stream.strip().split("\n\n", -1);

    assertThat(events).hasSize(4);
    assertThat(events)
        .allSatisfy(
            event -> {
              String[] lines = event.split("\n", -1);
              String name = lines[0].substring("event:".length());
              ObjectNode schema = Contract.JSON.createObjectNode();
              schema.put("$ref", "#/components/schemas/" + schemas.get(name));
              assertThat(
                      errors(schema, Contract.JSON.readTree(lines[1].substring("data:".length()))))
                  .isEmpty();
            });
  }

  /** Validates against a schema of the document, whose components become definitions. */
  private List<Error> errors(JsonNode schema, JsonNode instance) {
    ObjectNode root = Contract.JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.set("allOf", Contract.JSON.createArrayNode().add(schema));
    root.set("$defs", document.at("/components/schemas"));
    String definitions = root.toString().replace("#/components/schemas/", "#/$defs/");
    return Contract.errors(Contract.JSON.readTree(definitions), instance);
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
  }

  private record Operation(String method, String path, JsonNode item, JsonNode value) {

    @Override
    public String toString() {
      return method + " " + path;
    }
  }
}
