package io.mybella.web;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The types that the app is checked with are those of the contract. */
class ContractTypesTests {

  private static final Pattern INTERFACE =
      Pattern.compile(
          "\\n  interface (\\w+)(?: extends (\\w+))? \\{\\n(.*?)\\n  }", Pattern.DOTALL);
  private static final Pattern ALIAS = Pattern.compile("\\n  type (\\w+) = ([^;]+);");
  private static final Pattern FIELD =
      Pattern.compile(" *(\\w+)(\\??): (?:\\| )?(.*?);?", Pattern.DOTALL);

  private final String types = Files.readString(file("web-app/src/main/types/api.d.ts"));
  private final Map<String, Map<String, Object>> schemas =
      map(map(new Yaml().<Map<String, Object>>load(contract()).get("components")).get("schemas"))
          .entrySet()
          .stream()
          .collect(toMap(Map.Entry::getKey, schema -> map(schema.getValue())));

  ContractTypesTests() throws IOException {}

  @Test
  void everyInterfaceIsTheSchemaOfItsName() {
    List<MatchResult> interfaces = INTERFACE.matcher(types).results().toList();
    assertThat(interfaces).hasSizeGreaterThan(10);
    for (MatchResult each : interfaces) {
      assertThat(fields(each.group(3)))
          .as(each.group(1))
          .isEqualTo(expected(own(each.group(1), each.group(2))));
    }
  }

  @Test
  void everyAliasIsTheEnumerationOfItsName() {
    List<MatchResult> aliases = ALIAS.matcher(types).results().toList();
    assertThat(aliases).isNotEmpty();
    for (MatchResult each : aliases) {
      assertThat(each.group(2)).as(each.group(1)).isEqualTo(type(schemas.get(each.group(1))));
    }
  }

  /** What a schema says itself; the rest it has of the one that it extends. */
  private Map<String, Object> own(String name, String base) {
    Map<String, Object> schema = schemas.get(name);
    assertThat(schema).as("The contract has no %s", name).isNotNull();
    if (base == null) {
      return schema;
    }
    List<?> all = (List<?>) schema.get("allOf");
    assertThat(map(all.getFirst())).containsValue("#/components/schemas/" + base);
    return map(all.getLast());
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new TreeMap<>();
    for (String line : text.split(";\\n", -1)) {
      var field = FIELD.matcher(line.replaceAll("\\s+", " "));
      assertThat(field.matches()).as(line).isTrue();
      fields.put(field.group(1) + field.group(2), field.group(3));
    }
    return fields;
  }

  private Map<String, String> expected(Map<String, Object> schema) {
    Map<String, String> fields = new TreeMap<>();
    List<?> required = (List<?>) schema.getOrDefault("required", List.of());
    map(schema.get("properties"))
        .forEach(
            (name, field) ->
                fields.put(required.contains(name) ? name : name + "?", type(map(field))));
    return fields;
  }

  private String type(Map<String, Object> schema) {
    if (schema.get("$ref") instanceof String reference) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      return types.contains(" " + name + " ") ? name : type(schemas.get(name));
    }
    if (schema.get("enum") instanceof List<?> values) {
      return values.stream().map(ContractTypesTests::literal).collect(joining(" | "));
    }
    if (schema.containsKey("const")) {
      return literal(schema.get("const"));
    }
    Stream<?> types =
        schema.get("type") instanceof List<?> several
            ? several.stream()
            : Stream.of(schema.get("type"));
    return types.map(type -> named(String.valueOf(type), schema)).collect(joining(" | "));
  }

  private String named(String type, Map<String, Object> schema) {
    return switch (type) {
      case "integer" -> "number";
      case "array" -> type(map(schema.get("items"))) + "[]";
      case "object" -> object(schema);
      default -> type;
    };
  }

  private String object(Map<String, Object> schema) {
    if (!schema.containsKey("properties")) {
      Object values = schema.get("additionalProperties");
      return "Record<string, %s>"
          .formatted(values instanceof Map<?, ?> ? type(map(values)) : "unknown");
    }
    return map(schema.get("properties")).entrySet().stream()
        .map(field -> field.getKey() + ": " + type(map(field.getValue())))
        .collect(joining("; ", "{", "}"));
  }

  private static String literal(Object value) {
    return value == null ? "null" : "'" + value + "'";
  }

  @SuppressWarnings("unchecked") // a mapping of YAML has texts as keys
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static String contract() throws IOException {
    return Files.readString(file("contracts/openapi/mybella.yaml"));
  }

  private static Path file(String path) {
    return LocalPlatform.projectRoot().resolve(path);
  }
}
