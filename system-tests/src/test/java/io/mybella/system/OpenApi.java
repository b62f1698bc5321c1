package io.mybella.system;

import io.mybella.contracts.ContractFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document of the platform. */
final class OpenApi {

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

  private final Map<Operation, JsonNode> operations = new LinkedHashMap<>();

  OpenApi() {
    Object document =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(ContractFiles.openApi());
    JsonMapper.shared()
        .<JsonNode>valueToTree(document)
        .path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, operation) -> {
                      if (METHODS.contains(method)) {
                        operations.put(
                            new Operation(method.toUpperCase(Locale.ROOT), path), operation);
                      }
                    }));
  }

  Set<Operation> operations() {
    return operations.keySet();
  }

  /** The service that answers the operation, as {@code x-service} names it. */
  String service(Operation operation) {
    return of(operation).path("x-service").asString();
  }

  /** The statuses that the document promises. */
  Set<String> statuses(Operation operation) {
    return Set.copyOf(of(operation).path("responses").propertyNames());
  }

  /** Names of the parameters of its query. */
  List<String> queryParameters(Operation operation) {
    return of(operation)
        .path("parameters")
        .valueStream()
        .filter(each -> each.path("in").asString().equals("query"))
        .map(each -> each.path("name").asString())
        .toList();
  }

  /** The example of a body of JSON. */
  Optional<JsonNode> exampleBody(Operation operation) {
    JsonNode example = of(operation).at("/requestBody/content/application~1json/example");
    return example.isMissingNode() ? Optional.empty() : Optional.of(example);
  }

  boolean takesBody(Operation operation) {
    return of(operation).has("requestBody");
  }

  private JsonNode of(Operation operation) {
    JsonNode node = operations.get(operation);
    if (node == null) {
      throw new IllegalArgumentException("Not in the OpenAPI document: " + operation);
    }
    return node;
  }
}
