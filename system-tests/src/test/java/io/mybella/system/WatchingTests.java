package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import io.mybella.local.testing.Requirement;
import io.mybella.system.PromQl.Selector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Alerts, dashboards and runbooks belong together; what they measure is what {@link MetricsIT}
 * looks for.
 */
class WatchingTests {

  private static final Path COMPOSE = LocalPlatform.projectRoot().resolve("docker-compose.yml");

  @Test
  void everyAlertHasItsRunbookAndEveryRunbookItsAlert() {
    List<String> alerts =
        Watching.alerts().stream().map(rule -> rule.path("alert").asString()).toList();
    assertThat(alerts).isNotEmpty().doesNotHaveDuplicates();
    assertThat(Watching.runbooks()).containsExactlyElementsOf(alerts);
  }

  @Test
  void everyAlertSaysWhatItIsAndWhereItsRunbookStands() {
    for (JsonNode rule : Watching.alerts()) {
      String name = rule.path("alert").asString();
      assertThat(rule.at("/labels/severity").asString()).as(name).isIn("critical", "warning");
      assertThat(rule.at("/annotations/summary").asString()).as(name).isNotBlank();
      assertThat(rule.at("/annotations/runbook_url").asString())
          .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
    }
  }

  /** Grafana tells them apart by their ids, and knows no data source of ours by name. */
  @Test
  void dashboardsCanBeMountedAnywhere() {
    List<String> ids = new ArrayList<>();
    Watching.dashboards()
        .forEach(
            (file, dashboard) -> {
              ids.add(dashboard.path("uid").asString());
              assertThat(file).isEqualTo(dashboard.path("uid").asString() + ".json");
              assertThat(dashboard.path("id").isMissingNode()).as("%s: no id", file).isTrue();
              assertThat(
                      dashboard.path("panels").valueStream().map(each -> each.path("id").asInt()))
                  .as(file)
                  .doesNotHaveDuplicates();
              assertThat(dashboard.findValues("datasource"))
                  .as(file)
                  .isNotEmpty()
                  .allSatisfy(
                      source ->
                          assertThat(source.path("uid").asString()).isEqualTo("${datasource}"));
            });
    assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
  }

  /** Rules and dashboards go by the names of the services. */
  @Test
  void prometheusOfComposeAsksEveryServiceAndTellsWhenOneIsDown() {
    List<String> jobs =
        Watching.yaml(Watching.FOLDER.resolve("prometheus.yml"))
            .path("scrape_configs")
            .valueStream()
            .map(job -> job.path("job_name").asString())
            .toList();
    JsonNode services = Watching.yaml(COMPOSE).path("services");
    List<String> ours =
        services
            .propertyStream()
            .filter(service -> service.getValue().at("/environment/MYBELLA_KAFKA").isString())
            // What the operator runs by hand ends by itself.
            .filter(service -> service.getValue().path("profiles").isMissingNode())
            .map(Map.Entry::getKey)
            .toList();
    assertThat(jobs).containsExactlyInAnyOrderElementsOf(ours).hasSize(6);
    assertThat(Watching.expressions().get("MyBellaServiceDown"))
        .startsWith("max by (job) (up{job=~\"" + String.join("|", jobs) + "\"})");
  }

  @Test
  void metricsAndTheirLabelsAreFoundInAnExpression() {
    String expression =
        """
        sum by (job, uri) (rate(a_count{outcome="SERVER_ERROR",uri!~".*/{id}(/.*)?"}[5m])) / b > 0.05
          and on (job) max_over_time(c[$__rate_interval]) == 1 or absent(up{job="gateway"})
        """;
    assertThat(PromQl.selectors(expression))
        .containsExactly(
            new Selector("a_count", Set.of("outcome", "uri")),
            new Selector("b", Set.of()),
            new Selector("c", Set.of()),
            new Selector("up", Set.of("job")));
    assertThat(PromQl.groupings(expression)).containsExactly("job", "uri");
  }

  @Test
  void prometheusTakesTheRulesAndTheirTestsPass() throws Exception {
    promtool("check", "rules", "alerts.yml");
    promtool("check", "config", "prometheus.yml");
    promtool("test", "rules", "alerts.test.yml");
  }

  private static void promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Path said = Path.of("target/promtool.txt").toAbsolutePath();
    Process promtool;
    try {
      promtool =
          new ProcessBuilder(command)
              .directory(Watching.FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException missing) {
      throw Requirement.PROMTOOL.missing(
          "promtool of Prometheus is not on the PATH: the alert rules are not tried");
    }
    boolean ended = promtool.waitFor(60, TimeUnit.SECONDS);
    promtool.destroyForcibly();
    assertThat(ended).as("%s ended", command).isTrue();
    assertThat(promtool.exitValue()).as("%s: see %s", command, said).isZero();
  }
}
