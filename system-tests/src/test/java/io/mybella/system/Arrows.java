package io.mybella.system;

import io.mybella.system.RenderedChart.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Who may speak to whom, as the NetworkPolicies of a chart have it: {@code chat-service ->
 * persona-service:8080}. What is beyond the platform is called by its namespace, its addresses or
 * {@code anywhere}.
 */
final class Arrows {

  private final RenderedChart chart;
  private final List<Pod> pods;

  Arrows(RenderedChart chart) {
    this.chart = chart;
    this.pods = chart.pods();
  }

  /**
   * Reads arrows as people write them, one {@code a, b -> c, d:8080} in a line.
   *
   * @return one arrow for each pair
   */
  static Set<String> read(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.split(" -> ", 2))
        .flatMap(
            sides ->
                Arrays.stream(sides[0].split(", "))
                    .flatMap(
                        from -> {
                          int colon = sides[1].indexOf(':');
                          return Arrays.stream(sides[1].substring(0, colon).split(", "))
                              .map(to -> from + " -> " + to + sides[1].substring(colon));
                        }))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All arrows that both ends allow, and those to and from beyond. */
  Set<String> allowed() {
    Set<String> arrows = inside(true, true);
    for (Pod pod : pods) {
      rules(pod, "Ingress")
          .forEach(rule -> beyond(rule, "from").forEach(peer -> add(arrows, peer, pod, rule)));
      rules(pod, "Egress")
          .forEach(
              rule ->
                  beyond(rule, "to")
                      .forEach(
                          peer ->
                              ports(rule)
                                  .forEach(
                                      port ->
                                          arrows.add(
                                              pod.component() + " -> " + peer + ":" + port))));
      if (!isolated(pod, "Ingress")) {
        arrows.add("anybody -> " + pod.component() + ":any");
      }
      if (!isolated(pod, "Egress")) {
        arrows.add(pod.component() + " -> anywhere:any");
      }
    }
    return arrows;
  }

  /** Arrows within the platform that one end names and the other one refuses. */
  Set<String> halves() {
    Set<String> halves = inside(true, false);
    halves.addAll(inside(false, true));
    halves.removeAll(inside(true, true));
    return halves;
  }

  /** Arrows between pods: those that the first end names, or the second one, or both. */
  private Set<String> inside(boolean first, boolean second) {
    Set<String> arrows = new TreeSet<>();
    for (Pod from : pods) {
      for (Pod to : pods) {
        for (int port : to.ports().values()) {
          boolean out = names(from, "Egress", "to", to, port, !(first && second));
          boolean in = names(to, "Ingress", "from", from, port, !(first && second));
          if (!from.component().equals(to.component()) && (!first || out) && (!second || in)) {
            arrows.add(from.component() + " -> " + to.component() + ":" + port);
          }
        }
      }
    }
    return arrows;
  }

  /**
   * Whether the rules of one end have the other one.
   *
   * @param byName whether only those count that name pods
   */
  private boolean names(Pod pod, String type, String peers, Pod other, int port, boolean byName) {
    return (!byName && !isolated(pod, type))
        || rules(pod, type).stream()
            .filter(
                rule ->
                    ports(rule).anyMatch(each -> each.equals(String.valueOf(port)))
                        || !rule.has("ports"))
            .anyMatch(
                rule ->
                    (!byName && !rule.has(peers))
                        || rule.path(peers)
                            .valueStream()
                            .anyMatch(peer -> isWithin(peer) && matches(peer, other)));
  }

  private boolean isolated(Pod pod, String type) {
    return policies(pod, type).findAny().isPresent();
  }

  private Stream<JsonNode> policies(Pod pod, String type) {
    return chart
        .all("NetworkPolicy")
        .filter(
            policy ->
                RenderedChart.selects(policy.at("/spec/podSelector"), pod.labels())
                    && policy
                        .at("/spec/policyTypes")
                        .valueStream()
                        .anyMatch(each -> each.asString().equals(type)));
  }

  private List<JsonNode> rules(Pod pod, String type) {
    String field = type.equals("Ingress") ? "/spec/ingress" : "/spec/egress";
    return policies(pod, type).flatMap(policy -> policy.at(field).valueStream()).toList();
  }

  private static boolean isWithin(JsonNode peer) {
    return peer.has("podSelector") && !peer.has("namespaceSelector") && !peer.has("ipBlock");
  }

  private static boolean matches(JsonNode peer, Pod pod) {
    return RenderedChart.selects(peer.path("podSelector"), pod.labels());
  }

  /** Names of those beyond the platform that a rule lets through. */
  private static Stream<String> beyond(JsonNode rule, String peers) {
    return rule.has(peers)
        ? rule.path(peers).valueStream().filter(peer -> !isWithin(peer)).map(Arrows::nameOf)
        : Stream.of("anywhere");
  }

  private static String nameOf(JsonNode peer) {
    return Stream.of(
            peer.at("/namespaceSelector/matchLabels"),
            peer.at("/podSelector/matchLabels"),
            peer.path("ipBlock"))
        .flatMap(JsonNode::valueStream)
        .map(JsonNode::asString)
        .collect(Collectors.joining("/"));
  }

  /** Numbers of the ports, with the protocol where it is not TCP; {@code any} for all. */
  private static Stream<String> ports(JsonNode rule) {
    return rule.has("ports")
        ? rule.path("ports")
            .valueStream()
            .map(
                port ->
                    port.path("port").asString()
                        + (port.path("protocol").asString().equals("UDP") ? "/UDP" : ""))
        : Stream.of("any");
  }

  private static void add(Set<String> arrows, String peer, Pod pod, JsonNode rule) {
    ports(rule).forEach(port -> arrows.add(peer + " -> " + pod.component() + ":" + port));
  }
}
