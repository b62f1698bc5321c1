package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The chart in {@code deploy/helm/mybella}, rendered with each file of values in its folder {@code
 * ci}. No cluster is asked. Each rule is shown to find what breaks it, in {@link #BREACHES}.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChartTests {

  private static final Path CHART = LocalPlatform.projectRoot().resolve("deploy/helm/mybella");

  private static final String POD = "/spec/template/spec";
  private static final String BOX = POD + "/containers/0";

  /**
   * What breaks a rule: its name, the values, an object, what of it is changed, and to what. {@code
   * POD} and {@code BOX} are a workload's pod and the container in it.
   */
  private static final List<String> BREACHES =
      """
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/securityContext/runAsNonRoot | false
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/securityContext/runAsUser | 0
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/securityContext/seccompProfile | -
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/automountServiceAccountToken | -
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/enableServiceLinks | -
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/hostNetwork | true
      PODS_ARE_RESTRICTED | external | Deployment mybella-gateway | POD/volumes/- | {"name": "host", "hostPath": {"path": "/"}}
      PODS_ARE_RESTRICTED | external | Deployment mybella-voice-worker | BOX/securityContext/readOnlyRootFilesystem | false
      PODS_ARE_RESTRICTED | external | Job mybella-migrate-voice | BOX/securityContext/allowPrivilegeEscalation | -
      PODS_ARE_RESTRICTED | external | Job mybella-migrate-voice | BOX/securityContext/capabilities/drop/0 | "NET_RAW"
      PODS_ARE_RESTRICTED | external | Job mybella-migrate-voice | BOX/securityContext/capabilities/add | ["SYS_ADMIN"]
      PODS_ARE_RESTRICTED | external | Job mybella-migrate-voice | BOX/securityContext/runAsUser | 0
      PODS_ARE_RESTRICTED | trial | StatefulSet mybella-kafka | BOX/securityContext/privileged | true
      PODS_ARE_RESTRICTED | trial | StatefulSet mybella-postgres | POD/securityContext/runAsUser | -
      PODS_ARE_RESTRICTED | trial | Pod mybella-test | /spec/containers/0/securityContext | -
      RESOURCES_ARE_ASKED_FOR | external | Deployment mybella-chat-service | BOX/resources/limits/memory | -
      RESOURCES_ARE_ASKED_FOR | external | Job mybella-migrate-memory | BOX/resources/requests/cpu | -
      HEALTH_IS_ASKED_FOR | external | Deployment mybella-chat-service | BOX/startupProbe | -
      HEALTH_IS_ASKED_FOR | external | Deployment mybella-chat-service | BOX/readinessProbe | -
      HEALTH_IS_ASKED_FOR | external | Deployment mybella-chat-service | BOX/readinessProbe/httpGet/port | "http"
      HEALTH_IS_ASKED_FOR | external | Deployment mybella-chat-service | BOX/readinessProbe/httpGet/path | "/actuator/health/liveness"
      HEALTH_IS_ASKED_FOR | external | Deployment mybella-chat-service | BOX/startupProbe/failureThreshold | 10
      HEALTH_IS_ASKED_FOR | external | Deployment mybella-chat-service | BOX/livenessProbe/failureThreshold | 3
      LIVENESS_ASKS_NOBODY | external | Deployment mybella-chat-service | BOX/livenessProbe/httpGet/path | "/actuator/health/readiness"
      LIVENESS_ASKS_NOBODY | external | Deployment mybella-chat-service | BOX/livenessProbe | {"exec": {"command": ["healthy"]}}
      UPDATES_ROLL | external | Deployment mybella-memory-service | /spec/strategy/rollingUpdate/maxUnavailable | 1
      UPDATES_ROLL | external | Deployment mybella-memory-service | /spec/strategy | {"type": "Recreate"}
      UPDATES_ROLL | trial | Deployment mybella-voice-service | /spec/strategy | {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
      UPDATES_ROLL | trial | Deployment mybella-voice-service | /spec/replicas | 2
      PODS_ARE_SPREAD | external | PodDisruptionBudget mybella-gateway | | -
      PODS_ARE_SPREAD | external | PodDisruptionBudget mybella-gateway | /spec/maxUnavailable | 2
      PODS_ARE_SPREAD | external | PodDisruptionBudget mybella-gateway | /spec/selector/matchLabels/app.kubernetes.io~1component | "other"
      PODS_ARE_SPREAD | external | Deployment mybella-gateway | POD/topologySpreadConstraints/1 | -
      PODS_ARE_SPREAD | external | Deployment mybella-gateway | POD/topologySpreadConstraints/0/labelSelector/matchLabels/app.kubernetes.io~1component | "other"
      PODS_END_GRACEFULLY | external | Deployment mybella-gateway | BOX/lifecycle | -
      PODS_END_GRACEFULLY | external | Deployment mybella-gateway | POD/terminationGracePeriodSeconds | -
      PODS_END_GRACEFULLY | external | Deployment mybella-gateway | POD/terminationGracePeriodSeconds | 35
      OWNERS_LOGIN_STAYS_AWAY | external | Deployment mybella-gateway | BOX/env/- | {"name": "MYBELLA_DB_OWNER_PASSWORD", "value": "x"}
      OWNERS_LOGIN_STAYS_AWAY | external | Deployment mybella-gateway | BOX/env/- | {"name": "X", "valueFrom": {"secretKeyRef": {"name": "mybella-gateway-owner", "key": "password"}}}
      OWNERS_LOGIN_STAYS_AWAY | external | Deployment mybella-gateway | POD/volumes/- | {"name": "x", "secret": {"secretName": "mybella-gateway-owner"}}
      OWNERS_LOGIN_STAYS_AWAY | external | Deployment mybella-gateway | BOX/env | [{"name": "MYBELLA_DB_URL", "value": "jdbc:x"}]
      OWNERS_LOGIN_STAYS_AWAY | external | Deployment mybella-gateway | BOX/env | [{"name": "MYBELLA_MIGRATIONS", "value": "only"}]
      OWNERS_LOGIN_STAYS_AWAY | trial | StatefulSet mybella-kafka | BOX/env/- | {"name": "X", "valueFrom": {"secretKeyRef": {"name": "mybella-trial", "key": "superuser"}}}
      OWNERS_LOGIN_STAYS_AWAY | trial | Deployment mybella-voice-service | BOX/env/- | {"name": "X", "valueFrom": {"secretKeyRef": {"name": "mybella-trial", "key": "voice-owner"}}}
      DATABASES_ARE_MIGRATED | external | Job mybella-migrate-persona | | -
      DATABASES_ARE_MIGRATED | external | Job mybella-migrate-persona | /metadata/annotations/helm.sh~1hook | "post-install,post-upgrade"
      DATABASES_ARE_MIGRATED | external | Job mybella-migrate-persona | BOX/image | "mybella/persona-service:old"
      DATABASES_ARE_MIGRATED | external | Job mybella-migrate-persona | BOX/env | []
      DATABASES_ARE_MIGRATED | trial | Job mybella-migrate-persona-1 | /metadata/annotations | {"helm.sh/hook": "pre-install,pre-upgrade"}
      SECRETS_ARE_NAMED | external | Deployment mybella-voice-service | BOX/env/- | {"name": "MYBELLA_ELEVENLABS_API_KEY", "value": "sk"}
      SECRETS_ARE_NAMED | external | Service mybella-gateway | /kind | "Secret"
      SECRETS_ARE_NAMED | trial | Secret mybella-trial | /data/voice-app | "c2hvcnQ="
      SECRETS_ARE_NAMED | trial | Secret mybella-trial | /data/voice-app | "amRiYzpwb3N0Z3Jlc3FsOi8vbXliZWxsYS1wb3N0Z3Jlczo1NDMyL3ZvaWNl"
      SETTINGS_EXIST | external | Deployment mybella-chat-service | BOX/env/- | {"name": "MYBELLA_ELEVENLABS_URL", "value": "x"}
      SETTINGS_EXIST | external | Deployment mybella-chat-service | BOX/env/- | {"name": "MYBELLA_MODEL_ADDRESS", "value": "x"}
      SETTINGS_ARE_SET_ONCE | external | Deployment mybella-chat-service | BOX/env/- | {"name": "MYBELLA_JWKS_URI", "value": "x"}
      EVERYBODY_IS_DENIED | external | NetworkPolicy mybella-deny-all | | -
      EVERYBODY_IS_DENIED | external | NetworkPolicy mybella-deny-all | /spec/policyTypes | ["Ingress"]
      EVERYBODY_IS_DENIED | external | NetworkPolicy mybella-deny-all | /spec/egress | [{}]
      EVERYBODY_IS_DENIED | external | NetworkPolicy mybella-deny-all | /spec/podSelector/matchLabels/app.kubernetes.io~1component | "gateway"
      ARROWS_HAVE_TWO_ENDS | external | NetworkPolicy mybella-memory-service | /spec/ingress/0 | -
      ARROWS_HAVE_TWO_ENDS | external | NetworkPolicy mybella-gateway | /spec/egress/1/to/0 | -
      ADDRESSES_ARE_ARROWS | external | NetworkPolicy mybella-gateway | /spec/egress/1/to/0 | -
      ADDRESSES_ARE_ARROWS | external | Deployment mybella-memory-service | BOX/env | []
      ADDRESSES_ARE_ARROWS | external | Deployment mybella-memory-service | BOX/env/- | {"name": "MYBELLA_CHAT_URL", "value": "http://mybella-chat-service:8080"}
      SCALERS_RULE_ALONE | external | Deployment mybella-gateway | /spec/replicas | -
      SCALERS_RULE_ALONE | autoscaling | Deployment mybella-gateway | /spec/replicas | 2
      SCALERS_RULE_ALONE | autoscaling | HorizontalPodAutoscaler mybella-gateway | | -
      SCALERS_RULE_ALONE | autoscaling | HorizontalPodAutoscaler mybella-gateway | /spec/minReplicas | 1
      SCALERS_RULE_ALONE | autoscaling | HorizontalPodAutoscaler mybella-gateway | /spec/metrics/0/resource/name | "memory"
      SCALERS_RULE_ALONE | autoscaling | ScaledObject mybella-voice-worker | /spec/scaleTargetRef/name | "mybella-gateway"
      WORKERS_FOLLOW_THE_JOBS | autoscaling | ScaledObject mybella-voice-worker | /spec/scaleTargetRef/name | "mybella-gateway"
      WORKERS_FOLLOW_THE_JOBS | autoscaling | ScaledObject mybella-voice-worker | /spec/minReplicaCount | 1
      WORKERS_FOLLOW_THE_JOBS | autoscaling | ScaledObject mybella-voice-worker | /spec/triggers/0/metadata/query | "sum(mybella_voice_jobs_unfinished)"
      WORKERS_FOLLOW_THE_JOBS | autoscaling | ScaledObject mybella-voice-worker | /spec/triggers/0/metadata/query | "sum(mybella_voice_jobs_depth{namespace=\\"personas\\"})"
      WORKERS_FOLLOW_THE_JOBS | autoscaling | Deployment mybella-voice-service | BOX/env | []
      THE_GATEWAY_IS_THE_ONLY_DOOR | external | Service mybella-memory-service | /spec/type | "LoadBalancer"
      THE_GATEWAY_IS_THE_ONLY_DOOR | external | Service mybella-memory-service | /spec/ports/- | {"name": "management", "port": 8090, "targetPort": "management"}
      THE_GATEWAY_IS_THE_ONLY_DOOR | ingress | Ingress mybella | /spec/tls | -
      THE_GATEWAY_IS_THE_ONLY_DOOR | ingress | Ingress mybella | /spec/rules/0/host | "other.example.org"
      THE_GATEWAY_IS_THE_ONLY_DOOR | ingress | Ingress mybella | /spec/rules/0/http/paths/0/backend/service/name | "mybella-chat-service"
      THE_GATEWAY_IS_THE_ONLY_DOOR | gateway-api | HTTPRoute mybella | /spec/rules/0/backendRefs/0/name | "mybella-chat-service"
      THE_GATEWAY_IS_THE_ONLY_DOOR | gateway-api | HTTPRoute mybella | /spec/rules/1/filters | -
      METRICS_ARE_FOUND | monitoring | PodMonitor mybella | /spec/selector/matchExpressions/0/values/0 | -
      METRICS_ARE_FOUND | monitoring | PodMonitor mybella | /spec/podMetricsEndpoints/0/port | "http"
      METRICS_ARE_FOUND | monitoring | PodMonitor mybella | /spec/podMetricsEndpoints/0/path | "/metrics"
      METRICS_ARE_FOUND | monitoring | PodMonitor mybella | /spec/jobLabel | -
      REFERENCES_LEAD_SOMEWHERE | external | ServiceAccount mybella-gateway | | -
      REFERENCES_LEAD_SOMEWHERE | external | Service mybella-gateway | /spec/selector/app.kubernetes.io~1component | "other"
      REFERENCES_LEAD_SOMEWHERE | external | Service mybella-gateway | /spec/ports/0/targetPort | "https"
      REFERENCES_LEAD_SOMEWHERE | external | Service mybella-gateway | /metadata/name | "mybella-chat-service"
      REFERENCES_LEAD_SOMEWHERE | external | Deployment mybella-gateway | POD/volumes | []
      REFERENCES_LEAD_SOMEWHERE | external | Deployment mybella-gateway | BOX/volumeMounts | []
      REFERENCES_LEAD_SOMEWHERE | trial | PersistentVolumeClaim mybella-voice-blobs | | -
      REFERENCES_LEAD_SOMEWHERE | autoscaling | ScaledObject mybella-voice-worker | /spec/scaleTargetRef/name | "worker"
      """
          .lines()
          .toList();

  /** By the name of their values. */
  private static final Map<String, RenderedChart> CHARTS = new TreeMap<>();

  private static Helm helm;

  @BeforeAll
  static void render() throws IOException {
    Schemas.installed();
    helm = Helm.unpacked();
    for (Path values : Helm.variants()) {
      String variant = values.getFileName().toString().replace("-values.yaml", "");
      CHARTS.put(variant, render(variant, "--values", values.toString()));
    }
  }

  @Test
  void helmHasNothingAgainstIt() throws IOException {
    for (Path values : Helm.variants()) {
      Helm.Result lint = helm.lint(values);
      assertThat(lint.code()).as("%s: %s %s", values, lint.output(), lint.log()).isZero();
    }
  }

  @Test
  void kubernetesKnowsAllOfIt() throws IOException {
    List<JsonNode> objects = CHARTS.values().stream().flatMap(c -> c.objects().stream()).toList();
    List<List<String>> problems = Schemas.installed().kubernetes(objects);
    assertThat(problems).hasSameSizeAs(objects);
    for (int i = 0; i < objects.size(); i++) {
      assertThat(problems.get(i)).as("%s", objects.get(i)).isEmpty();
    }
    assertThat(CHARTS.values().stream().flatMap(c -> c.objects().stream()))
        .extracting(each -> each.path("kind").asString())
        .contains("Deployment", "Job", "StatefulSet", "NetworkPolicy", "PodDisruptionBudget")
        .contains("HorizontalPodAutoscaler", "ScaledObject", "PodMonitor", "PrometheusRule")
        .contains("Ingress", "HTTPRoute");
  }

  /** So that the silence of the schemas says something. */
  @Test
  void kubernetesFindsWhatIsWrong() throws IOException {
    List<List<String>> problems =
        Schemas.installed()
            .kubernetes(
                Stream.of(
                        "external | Deployment mybella-gateway | /spec/replicas | \"two\"",
                        "external | Deployment mybella-gateway | BOX/readynessProbe | {}",
                        "external | NetworkPolicy mybella-gateway | /spec/egress/0/too | []",
                        "external | Job mybella-migrate-voice | /spec/template | -",
                        "external | Service mybella-gateway | /apiVersion | \"v2\"",
                        "autoscaling | ScaledObject mybella-voice-worker | /spec/scaleTarget | {}",
                        "autoscaling | ScaledObject mybella-voice-worker |"
                            + " /spec/triggers/0/metadata/threshold | 5",
                        "gateway-api | HTTPRoute mybella | /spec/rules/0/backendRefs/0/port |"
                            + " \"http\"",
                        "monitoring | PodMonitor mybella | /spec/podMetricsEndpoints/0/intervall |"
                            + " \"30s\"")
                    .map(line -> Breach.read("PODS_ARE_RESTRICTED | " + line))
                    .map(Breach::brokenObject)
                    .toList());
    assertThat(problems).allSatisfy(problem -> assertThat(problem).isNotEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void everyRuleHolds(ChartRule rule) {
    assertThat(CHARTS.values()).flatExtracting(rule::violations).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("BREACHES")
  void everyBreachIsSeen(String line) {
    Breach breach = Breach.read(line);
    assertThat(breach.rule().violations(breach.broken())).as(line).isNotEmpty();
  }

  @Test
  void noRuleIsWithoutABreach() {
    assertThat(BREACHES).extracting(line -> Breach.read(line).rule()).contains(ChartRule.values());
  }

  /** Whom everybody speaks to, written down by hand. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "external",
        "autoscaling",
        "monitoring",
        "ingress",
        "gateway-api",
        "s3",
        "shared-folder",
        "trial"
      })
  void theArrowsAreThoseOfTheArchitecture(String variant) {
    assertThat(new Arrows(CHARTS.get(variant)).allowed())
        .containsExactlyInAnyOrderElementsOf(arrowsOf(variant));
  }

  /** The job beside the chart is held to its rules, and finds the release that it is meant for. */
  @Test
  void theJobThatImportsIsAsTheChart() throws IOException {
    RenderedChart job =
        RenderedChart.parse(
            "import",
            Files.readString(LocalPlatform.projectRoot().resolve("deploy/kubernetes/import.yaml")));
    assertThat(Schemas.installed().kubernetes(job.objects()))
        .allSatisfy(each -> assertThat(each).isEmpty());
    assertThat(
            Stream.of(
                    ChartRule.PODS_ARE_RESTRICTED,
                    ChartRule.RESOURCES_ARE_ASKED_FOR,
                    ChartRule.SECRETS_ARE_NAMED,
                    ChartRule.SETTINGS_ARE_SET_ONCE)
                .flatMap(rule -> rule.violations(job).stream()))
        .isEmpty();
    JsonNode imports = job.pods().getFirst().labels();
    List<JsonNode> services =
        CHARTS.get("external").services().stream()
            .map(RenderedChart.Pod::labels)
            .filter(
                labels ->
                    RenderedChart.selects(job.objects().get(1).at("/spec/podSelector"), labels))
            .toList();
    assertThat(services)
        .extracting(labels -> labels.path("app.kubernetes.io/component").asString())
        .containsExactlyInAnyOrder("gateway", "persona-service", "memory-service", "voice-service");
    assertThat(services)
        .allMatch(
            labels ->
                RenderedChart.selects(
                    job.objects().get(2).at("/spec/egress/0/to/0/podSelector"), labels));
    assertThat(
            RenderedChart.selects(
                job.objects().get(1).at("/spec/ingress/0/from/0/podSelector"), imports))
        .isTrue();
    Set<String> addresses = new TreeSet<>();
    job.pods().getFirst().environment().stream()
        .map(each -> each.path("value").asString(""))
        .filter(value -> value.startsWith("http"))
        .forEach(address -> addresses.add(address.replaceAll("http://|:8080", "")));
    assertThat(
            CHARTS.get("external").all("Service").map(each -> each.at("/metadata/name").asString()))
        .containsAll(addresses);
    assertThat(addresses).hasSize(4);
  }

  @Test
  void everyVariantHasItsArrows() {
    assertThat(CHARTS)
        .containsOnlyKeys(
            "external",
            "autoscaling",
            "monitoring",
            "ingress",
            "gateway-api",
            "s3",
            "shared-folder",
            "trial");
  }

  /** An arrow too many, or one too few, is seen. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          NetworkPolicy mybella-chat-service | | -
          NetworkPolicy mybella-persona-service | /spec/ingress/0/from/- | {"podSelector": {}}
          NetworkPolicy mybella-persona-service | /spec/ingress/0/from | -
          NetworkPolicy mybella-persona-service | /spec/ingress/- | {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 8080}]}
          NetworkPolicy mybella-persona-service | /spec/ingress/0/ports | -
          NetworkPolicy mybella-chat-service | /spec/egress/- | {"ports": [{"port": 5432}]}
          NetworkPolicy mybella-chat-service | /spec/egress/- | {}
          NetworkPolicy mybella-gateway | /spec/policyTypes | ["Ingress"]
          NetworkPolicy mybella-gateway | /spec/egress/2 | -
          NetworkPolicy mybella-migrate-voice | /spec/egress/0 | -
          """)
  void aWrongArrowIsSeen(String object, String pointer, String value) {
    RenderedChart broken =
        CHARTS
            .get("external")
            .changed("NetworkPolicy mybella-deny-all", "", "-")
            .changed(object, pointer == null ? "" : pointer, value);
    Arrows arrows = new Arrows(broken);
    assertThat(arrows.halves().isEmpty() && arrows.allowed().equals(arrowsOf("external")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicas=3                                                   | additional properties 'replicas' not allowed
          services.gateway.replica=3                                   | additional properties 'replica' not allowed
          services.gateway.replicas=many                               | got string, want integer
          services.worker.replicas=1                                   | additional properties 'worker' not allowed
          env.MYBELLA_ELEVENLABS_API_KEY=sk                            | invalid propertyName
          services.gateway.env.MYBELLA_ADMIN_PASSWORD=secret           | invalid propertyName
          kafka.env.SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG=x         | invalid propertyName
          env.mybella_db_pool_size=5                                   | invalid propertyName
          database.app.password=secret                                 | additional properties 'app' not allowed
          database.voice.app.password=secret                           | additional properties 'password' not allowed
          database.parameters=user=a&password=b                        | /database/parameters
          elevenlabs.apiKey=sk                                         | additional properties 'apiKey' not allowed
          accounts.oidc.clientSecret=x                                 | additional properties 'clientSecret' not allowed
          kafka.bootstrapServers=kafka                                 | /kafka/bootstrapServers
          model.baseUrl=models.example.org                             | /model/baseUrl
          terminationGracePeriodSeconds=20                             | /terminationGracePeriodSeconds
          blobs.kind=nfs                                               | /blobs/kind
          database.host=                                               | database.host is missing
          kafka.bootstrapServers=                                      | kafka.bootstrapServers is missing
          blobs.s3.bucket=                                             | blobs.s3.bucket is missing
          ingress.enabled=true                                         | ingress.host is missing
          httpRoute.enabled=true                                       | httpRoute.parentRefs is missing
          ingress.enabled=true,httpRoute.enabled=true                  | choose one
          keda.enabled=true                                            | keda.prometheusAddress is missing
          blobs.kind=folder,keda.enabled=true,keda.prometheusAddress=http://p | workers need files that all of them see
          """)
  void wrongValuesAreRefusedAndSayWhy(String values, String why) throws IOException {
    Helm.Result result =
        helm.template(
            "--values", CHART.resolve("ci/external-values.yaml").toString(), "--set", values);
    assertThat(result.code()).isNotZero();
    assertThat(result.log()).contains(why);
  }

  @Test
  void everySettingOfEveryServiceCanBeSet(@TempDir Path folder) throws IOException {
    StringBuilder values = new StringBuilder("services:\n");
    Map<String, Set<String>> settings = new SettingNames().all();
    settings.forEach(
        (service, names) -> {
          values.append("  ").append(service).append(":\n    secretEnv:\n");
          names.forEach(
              name -> values.append("      ").append(name).append(": {name: s, key: k}\n"));
          values.append("    env:\n");
          names.stream()
              .filter(name -> !name.matches(".*(PASSWORD|SECRET|API_?KEY|ACCESS_?KEY).*|.*TOKEN"))
              .forEach(name -> values.append("      ").append(name).append(": chosen\n"));
        });
    Path file = Files.writeString(folder.resolve("values.yaml"), values);
    RenderedChart chart =
        render("all", "--values", CHART.resolve("ci/external-values.yaml") + "," + file);
    for (RenderedChart.Pod pod : chart.services()) {
      if (settings.containsKey(pod.component())) {
        assertThat(pod.environment())
            .filteredOn(each -> each.at("/valueFrom/secretKeyRef/name").asString("").equals("s"))
            .extracting(each -> each.path("name").asString())
            .containsExactlyInAnyOrderElementsOf(settings.get(pod.component()));
      }
    }
    assertThat(settings).hasSize(5);
  }

  @Test
  void passwordsOfATrialAreMadeByChance() throws IOException {
    JsonNode first = CHARTS.get("trial").all("Secret").findFirst().orElseThrow().path("data");
    JsonNode second =
        render("trial", "--set", "trial.enabled=true")
            .all("Secret")
            .findFirst()
            .orElseThrow()
            .path("data");
    assertThat(first.propertyNames()).hasSize(9);
    assertThat(Stream.concat(first.valueStream(), second.valueStream())).doesNotHaveDuplicates();
  }

  @Test
  void aTrialMigratesAnewWithEachRevision() throws IOException {
    assertThat(render("trial", "--set", "trial.enabled=true", "--is-upgrade").all("Job"))
        .allSatisfy(job -> assertThat(job.at("/metadata/annotations").isMissingNode()).isTrue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trial   |                                             | THIS IS A TRIAL
          trial   |                                             | port-forward service/mybella-gateway 8080
          ingress |                                             | Open https://personas.example.org/users/personas
          ingress | accounts.trustedProxies=                    | WARNING: accounts.trustedProxies is empty
          ingress |                                             | WARNING: accounts.keySecret is not set
          s3      |                                             | helm test mybella --namespace personas
          """)
  void whoInstallsItIsToldWhatToDoNext(String variant, String values, String told)
      throws IOException {
    Path file = CHART.resolve("ci/" + variant + "-values.yaml");
    Helm.Result result =
        helm.install("--values", file.toString(), "--set", values == null ? "" : values);
    assertThat(result.output()).contains("NOTES:");
    assertThat(result.output().substring(result.output().indexOf("NOTES:"))).contains(told);
  }

  /** What a trial runs is what Compose runs. */
  @Test
  void aTrialHasTheImagesAndTheFilesOfCompose() throws IOException {
    String compose = Files.readString(LocalPlatform.projectRoot().resolve("docker-compose.yml"));
    RenderedChart trial = CHARTS.get("trial");
    assertThat(trial.all("StatefulSet"))
        .extracting(each -> each.at("/spec/template/spec/containers/0/image").asString())
        .hasSize(2)
        .allSatisfy(image -> assertThat(compose).containsPattern("image: .*" + image + "}?\n"));
    JsonNode files = trial.all("ConfigMap").findFirst().orElseThrow().path("data");
    for (String name : List.of("init.sh", "database.sql")) {
      assertThat(files.path(name).asString())
          .isEqualToIgnoringNewLines(
              Files.readString(LocalPlatform.projectRoot().resolve("deploy/postgres/" + name)));
    }
  }

  /** What is watched on Kubernetes is what Compose watches. */
  @Test
  void alertsAndDashboardsAreThoseOfTheProject() throws IOException {
    RenderedChart chart = CHARTS.get("monitoring");
    Path observability = LocalPlatform.projectRoot().resolve("deploy/observability");
    JsonNode rules = chart.all("PrometheusRule").findFirst().orElseThrow().at("/spec/groups");
    assertThat(rules)
        .isEqualTo(
            RenderedChart.parse("rules", Files.readString(observability.resolve("alerts.yml")))
                .objects()
                .getFirst()
                .path("groups"));
    JsonNode dashboards = chart.all("ConfigMap").findFirst().orElseThrow().path("data");
    try (var files = Files.list(observability.resolve("dashboards"))) {
      for (Path file : files.toList()) {
        String text = dashboards.path(file.getFileName().toString()).asString("");
        assertThat(text.strip()).isEqualTo(Files.readString(file).strip());
      }
    }
    assertThat(dashboards.size()).isPositive();
  }

  @Test
  void everyServiceHasTheMemoryThatComposeGivesIt() throws IOException {
    JsonNode compose =
        RenderedChart.parse(
                "compose",
                Files.readString(LocalPlatform.projectRoot().resolve("docker-compose.yml")))
            .objects()
            .getFirst();
    assertThat(CHARTS.get("external").services())
        .hasSize(6)
        .allSatisfy(
            pod ->
                assertThat(pod.containers().getFirst().at("/resources/limits/memory").asString())
                    .isEqualTo(
                        compose
                            .at("/services/" + pod.component() + "/mem_limit")
                            .asString()
                            .replaceFirst("^\\$\\{\\w+:-(\\w+)}$", "$1")
                            .replace("m", "Mi"))
                    .isEqualTo(
                        pod.containers().getFirst().at("/resources/requests/memory").asString()));
  }

  @Test
  void itIsTheChartOfThisVersion() throws IOException {
    String pom = Files.readString(LocalPlatform.projectRoot().resolve("pom.xml"));
    assertThat(Files.readString(CHART.resolve("Chart.yaml")))
        .containsPattern("appVersion: 0\\.1\\.0\n");
    assertThat(pom).contains("<version>0.1.0-SNAPSHOT</version>");
  }

  private static RenderedChart render(String variant, String... options) throws IOException {
    Helm.Result result = helm.template(options);
    assertThat(result.code()).as("%s: %s", variant, result.log()).isZero();
    return RenderedChart.parse(variant, result.output());
  }

  private static Set<String> arrowsOf(String variant) {
    boolean trial = variant.equals("trial");
    String worker = trial ? "" : ", voice-worker";
    String migrations = "migrate-gateway, migrate-memory, migrate-persona, migrate-voice";
    String services =
        "gateway, persona-service, memory-service, voice-service, chat-service" + worker;
    String keepers = "gateway, persona-service, memory-service, voice-service" + worker;
    Set<String> arrows =
        new TreeSet<>(
            Arrows.read(
                """
                gateway -> persona-service, memory-service, voice-service, chat-service:8080
                memory-service, voice-service, chat-service -> persona-service:8080
                chat-service -> memory-service:8080
                persona-service, memory-service, voice-service, chat-service -> gateway:8080
                test -> gateway:8080
                """));
    List<String> more = new ArrayList<>();
    for (String port : List.of("53", "53/UDP")) {
      more.add(services + ", " + migrations + ", test -> kube-system/kube-dns:" + port);
    }
    more.add((variant.equals("gateway-api") ? "gateways" : "ingress-nginx") + " -> gateway:8080");
    if (!variant.equals("shared-folder")) {
      more.add("monitoring -> " + services + ":8090");
    }
    if (variant.equals("monitoring")) {
      more.add(services + " -> anywhere:4318");
    }
    switch (variant) {
      case "trial" -> {
        more.add(keepers + ", " + migrations + " -> postgres:5432");
        more.add(keepers + " -> kafka:9092");
      }
      case "s3" -> {
        more.add(keepers + ", " + migrations + " -> 10.1.0.0/24:6432");
        more.add(keepers + " -> kafka:9094");
        more.add("persona-service, voice-service, voice-worker -> anywhere:9000");
        more.add("voice-service, voice-worker, gateway -> anywhere:443");
        more.add("memory-service, chat-service -> 203.0.113.0/24:8443");
      }
      default -> {
        more.add(keepers + ", " + migrations + " -> anywhere:5432");
        more.add(keepers + " -> anywhere:9092");
        if (!variant.equals("shared-folder")) {
          more.add("persona-service, voice-service, voice-worker -> anywhere:443");
        }
      }
    }
    arrows.addAll(Arrows.read(String.join("\n", more)));
    return arrows;
  }

  /**
   * One line of {@link #BREACHES}.
   *
   * @param rule that it breaks
   */
  private record Breach(
      ChartRule rule, String variant, String object, String pointer, String value) {

    static Breach read(String line) {
      List<String> cells = Arrays.stream(line.split("\\|", 5)).map(String::strip).toList();
      return new Breach(
          ChartRule.valueOf(cells.get(0)),
          cells.get(1),
          cells.get(2),
          cells.get(3).replaceFirst("^POD", POD).replaceFirst("^BOX", BOX),
          cells.get(4));
    }

    RenderedChart broken() {
      RenderedChart whole = CHARTS.get(variant);
      assertThat(rule.violations(whole)).isEmpty();
      return whole.changed(object, pointer, value);
    }

    JsonNode brokenObject() {
      return CHARTS.get(variant).changed(object, pointer, value).objects().stream()
          .filter(each -> RenderedChart.nameOf(each).equals(object))
          .findFirst()
          .orElseThrow();
    }
  }
}
