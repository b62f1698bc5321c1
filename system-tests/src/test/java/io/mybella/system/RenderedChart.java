package io.mybella.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the chart comes to with some values.
 *
 * @param variant the values' name, such as {@code trial}
 * @param objects for Kubernetes; they may be changed
 */
record RenderedChart(String variant, List<JsonNode> objects) {

  private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "Job", "Pod");

  static RenderedChart parse(String variant, String yaml) {
    Iterable<Object> documents = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml);
    List<JsonNode> objects =
        StreamSupport.stream(documents.spliterator(), false)
            .filter(each -> each != null)
            .map(each -> JsonMapper.shared().<JsonNode>valueToTree(each))
            .toList();
    return new RenderedChart(variant, objects);
  }

  /** The objects of a kind. */
  Stream<JsonNode> all(String kind) {
    return objects.stream().filter(each -> each.path("kind").asString().equals(kind));
  }

  /** The pods that would run, one for each of what makes them. */
  List<Pod> pods() {
    return objects.stream()
        .filter(each -> WORKLOADS.contains(each.path("kind").asString()))
        .map(Pod::of)
        .toList();
  }

  /** The pods of services, without those of a trial's grounds, of migrations and of tests. */
  List<Pod> services() {
    return pods().stream().filter(pod -> pod.kind().equals("Deployment")).toList();
  }

  /**
   * The same with one thing changed.
   *
   * @param kindAndName such as {@code Service mybella-gateway}
   * @param pointer to what is changed, and added where it ends in {@code /-}; empty is the object
   * @param value its new value as JSON, {@code -} to take it away
   */
  RenderedChart changed(String kindAndName, String pointer, String value) {
    List<JsonNode> copies = new ArrayList<>(objects.stream().map(JsonNode::deepCopy).toList());
    JsonNode object =
        copies.stream()
            .filter(each -> nameOf(each).equals(kindAndName))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no " + kindAndName));
    if (pointer.isEmpty()) {
      copies.remove(object);
      return new RenderedChart(variant, copies);
    }
    int last = pointer.lastIndexOf('/');
    String name = pointer.substring(last + 1);
    switch (object.at(pointer.substring(0, last))) {
      case ArrayNode list when name.equals("-") -> list.add(JsonMapper.shared().readTree(value));
      case ArrayNode list when value.equals("-") -> list.remove(Integer.parseInt(name));
      case ArrayNode list -> list.set(Integer.parseInt(name), JsonMapper.shared().readTree(value));
      case ObjectNode node when value.equals("-") -> node.remove(name.replace("~1", "/"));
      case ObjectNode node ->
          node.set(name.replace("~1", "/"), JsonMapper.shared().readTree(value));
      default -> throw new IllegalArgumentException(kindAndName + " has no " + pointer);
    }
    return new RenderedChart(variant, copies);
  }

  /** Kind and name of an object. */
  static String nameOf(JsonNode object) {
    return object.path("kind").asString() + " " + object.at("/metadata/name").asString();
  }

  /** Whether labels have all that a selector asks for. */
  static boolean selects(JsonNode selector, JsonNode labels) {
    return selector
            .path("matchLabels")
            .propertyStream()
            .allMatch(wanted -> labels.path(wanted.getKey()).equals(wanted.getValue()))
        && selector
            .path("matchExpressions")
            .valueStream()
            .allMatch(
                wanted ->
                    wanted.path("operator").asString().equals("In")
                        && wanted
                            .path("values")
                            .valueStream()
                            .anyMatch(labels.path(wanted.path("key").asString())::equals));
  }

  /**
   * A pod.
   *
   * @param owner what makes it
   * @param labels its own
   * @param spec what is in it
   */
  record Pod(JsonNode owner, JsonNode labels, JsonNode spec) {

    private static Pod of(JsonNode owner) {
      JsonNode template =
          owner.path("kind").asString().equals("Pod") ? owner : owner.at("/spec/template");
      return new Pod(owner, template.at("/metadata/labels"), template.path("spec"));
    }

    String kind() {
      return owner.path("kind").asString();
    }

    /** The part of the platform that it is, such as {@code gateway}. */
    String component() {
      return labels.path("app.kubernetes.io/component").asString();
    }

    List<JsonNode> containers() {
      return Stream.of("initContainers", "containers")
          .flatMap(each -> spec.path(each).valueStream())
          .toList();
    }

    /** Its ports by their names. */
    Map<String, Integer> ports() {
      Map<String, Integer> ports = new java.util.TreeMap<>();
      for (JsonNode container : containers()) {
        container
            .path("ports")
            .forEach(
                port ->
                    ports.put(port.path("name").asString(), port.path("containerPort").asInt()));
      }
      return ports;
    }

    /** All that is set in its environment. */
    List<JsonNode> environment() {
      return containers().stream().flatMap(each -> each.path("env").valueStream()).toList();
    }

    /** What a variable is set to in so many words; empty when it is not. */
    String setting(String name) {
      return environment().stream()
          .filter(each -> each.path("name").asString().equals(name))
          .map(each -> each.path("value").asString(""))
          .findFirst()
          .orElse("");
    }

    boolean hasDatabase() {
      return !setting("MYBELLA_DB_URL").isEmpty();
    }

    @Override
    public String toString() {
      return nameOf(owner);
    }
  }
}
