package io.mybella.contracts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Says whether consumers that were written against a published schema can go on with a changed one,
 * and whether records that are on Kafka already are still valid: only optional properties and enum
 * values may come, descriptions may change.
 */
final class SchemaCompatibility {

  /** Keywords that narrow or widen a value; what they say stays once it is published. */
  private static final Set<String> FIXED =
      Set.of(
          "$id",
          "type",
          "format",
          "pattern",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "const",
          "additionalProperties");

  private SchemaCompatibility() {}

  /** What a change breaks, one sentence each; empty when it is compatible. */
  static List<String> breaks(JsonNode published, JsonNode current) {
    List<String> breaks = new ArrayList<>();
    compare("", published, current, breaks);
    return breaks;
  }

  private static void compare(
      String at, JsonNode published, JsonNode current, List<String> breaks) {
    String name = at.isEmpty() ? "the schema" : at;
    for (String keyword : FIXED) {
      if (!published.path(keyword).equals(current.path(keyword))) {
        breaks.add("%s of %s changed".formatted(keyword, name));
      }
    }
    if (!strings(published.path("required")).equals(strings(current.path("required")))) {
      breaks.add("what is required of %s changed".formatted(name));
    }
    if (published.has("enum") != current.has("enum")) {
      breaks.add("the values of %s came or went as a whole".formatted(name));
    }
    Set<String> lost = new HashSet<>(strings(published.path("enum")));
    lost.removeAll(strings(current.path("enum")));
    if (!lost.isEmpty()) {
      breaks.add("values of %s were removed: %s".formatted(name, lost));
    }
    for (var property : published.path("properties").properties()) {
      String path = at.isEmpty() ? property.getKey() : at + "." + property.getKey();
      JsonNode now = current.path("properties").path(property.getKey());
      if (now.isMissingNode()) {
        breaks.add("%s was removed".formatted(path));
      } else {
        compare(path, property.getValue(), now, breaks);
      }
    }
  }

  private static Set<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).collect(Collectors.toSet());
  }
}
