package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.system.PromQl.Selector;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What alerts, dashboards and the table for operators name is what the services expose. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class MetricsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Pattern LINE =
      Pattern.compile("(?m)^([a-z_][a-z0-9_]*)(?:\\{(.*)})? [^ ]+$");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Prometheus adds these to what it reads. */
  private static final Set<String> GIVEN = Set.of("job", "instance");

  /** What Prometheus says of its own reading. */
  private static final String UP = "up";

  /** Exposed where the gateway knows a provider, and where vectors are made: not here. */
  private static final Set<String> ELSEWHERE =
      Set.of("mybella_gateway_oidc_sign_ins_total", "mybella_memory_embedding_seconds");

  private static final List<Service> SERVICES =
      List.of(Service.GATEWAY, Service.PERSONA, Service.MEMORY, Service.VOICE, Service.CHAT);

  /** Metric to label to values, of all services together. */
  private final Map<String, Map<String, Set<String>>> exposed = new TreeMap<>();

  @Test
  void everyMetricThatIsWatchedIsExposedAndEveryOneOfOursIsDocumented(TestPlatform platform) {
    ApiClient api = ApiClient.register(platform, "Watched");
    long persona =
        api.post("/api/personas/create", Map.of("name", "Gauge", "description", "Counts"))
            .body()
            .at("/persona/id")
            .asLong();
    api.post("/api/personas/" + persona + "/chat", Map.of("content", "How many?"));
    api.get("/api/personas/" + persona + "/messages");
    api.get("/api/personas/" + persona + "/voice");
    api.delete("/api/personas/" + persona);

    // Some are there once an event went all the way.
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              read(platform);
              assertAllThatIsWatchedIsExposed();
              assertAllThatIsDocumentedIsExposed();
            });
    assertAllOfOursAreDocumented();
    assertRoutesAreToldAndNotRequests(persona);
  }

  private void assertAllThatIsWatchedIsExposed() {
    Watching.expressions()
        .forEach(
            (place, expression) -> {
              List<Selector> selectors = PromQl.selectors(expression);
              assertThat(selectors).as(place).isNotEmpty();
              Set<String> labels = new TreeSet<>(GIVEN);
              for (Selector selector : selectors) {
                labels.addAll(assertExposed(place, selector));
              }
              assertThat(labels).as(place).containsAll(PromQl.groupings(expression));
            });
  }

  private void assertAllThatIsDocumentedIsExposed() {
    List<Selector> documented = Watching.documented();
    assertThat(documented).hasSizeGreaterThan(40);
    for (Selector metric : documented) {
      boolean measured = exposed.containsKey(metric.metric() + "_count");
      assertExposed(
          "docs/operations.md",
          measured ? new Selector(metric.metric() + "_count", metric.labels()) : metric);
    }
  }

  /** The labels that it has. */
  private Set<String> assertExposed(String place, Selector selector) {
    if (selector.metric().equals(UP) || ELSEWHERE.contains(selector.metric())) {
      return Set.of("outcome");
    }
    assertThat(exposed).as(place).containsKey(selector.metric());
    Set<String> labels = new TreeSet<>(GIVEN);
    labels.addAll(exposed.get(selector.metric()).keySet());
    assertThat(labels)
        .as("%s: labels of %s", place, selector.metric())
        .containsAll(selector.labels());
    return labels;
  }

  private void assertAllOfOursAreDocumented() {
    List<String> documented = Watching.documented().stream().map(Selector::metric).toList();
    assertThat(exposed.keySet())
        .filteredOn(metric -> metric.startsWith("mybella_"))
        .allSatisfy(
            metric ->
                assertThat(documented).contains(metric.replaceFirst("_(count|sum|max)$", "")));
  }

  /** However many personas there are, there are few series. */
  private void assertRoutesAreToldAndNotRequests(long persona) {
    Map<String, Set<String>> requests = exposed.get("http_server_requests_seconds_count");
    assertThat(requests.get("uri"))
        .contains("/api/personas/{id}/chat/**", "/api/personas/{id}/messages")
        .noneMatch(route -> route.contains(Long.toString(persona)))
        .filteredOn(route -> route.startsWith("/assets/"))
        .isSubsetOf("/assets/**");
    assertThat(requests.get("upstream"))
        .containsExactlyInAnyOrder(
            "none", "persona-service", "memory-service", "voice-service", "chat-service");
    assertThat(exposed.get("http_server_requests_seconds_bucket").get("le"))
        .containsExactlyInAnyOrder("0.1", "0.3", "1.0", "3.0", "10.0", "+Inf");
  }

  private void read(TestPlatform platform) throws IOException, InterruptedException {
    exposed.clear();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Service service : SERVICES) {
        var metrics = platform.managementUrl(service).resolve("/actuator/prometheus");
        var answer =
            http.send(
                HttpRequest.newBuilder(metrics).timeout(LIMIT).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s", metrics).isEqualTo(200);
        LINE.matcher(answer.body()).results().forEach(each -> keep(each.group(1), each.group(2)));
      }
    }
  }

  private void keep(String metric, String braces) {
    Map<String, Set<String>> labels = exposed.computeIfAbsent(metric, _ -> new TreeMap<>());
    if (braces != null) {
      Matcher label = LABEL.matcher(braces);
      while (label.find()) {
        labels.computeIfAbsent(label.group(1), _ -> new TreeSet<>()).add(label.group(2));
      }
    }
  }
}
