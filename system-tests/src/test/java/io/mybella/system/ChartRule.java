package io.mybella.system;

import io.mybella.local.LocalPlatform;
import io.mybella.system.RenderedChart.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What holds for the chart, whatever its values are. Each says what speaks against it. */
enum ChartRule {
  /** Pod Security "restricted", and nothing of the cluster reaches into a pod unasked. */
  PODS_ARE_RESTRICTED,

  /** Memory is bounded and what is asked for is known to the scheduler. */
  RESOURCES_ARE_ASKED_FOR,

  /** Startup, readiness and liveness apart, on the management port. */
  HEALTH_IS_ASKED_FOR,

  /** Liveness depends on nothing outside of the process. */
  LIVENESS_ASKS_NOBODY,

  /** Updates take nothing away before its successor is ready. */
  UPDATES_ROLL,

  /** A drained node or a zone that is away never takes all of a service. */
  PODS_ARE_SPREAD,

  /** Those who ask a pod learn that it leaves, and it has time to finish. */
  PODS_END_GRACEFULLY,

  /** Only what migrates has the login of a database's owner. */
  OWNERS_LOGIN_STAYS_AWAY,

  /** One job migrates each database, before its service. */
  DATABASES_ARE_MIGRATED,

  /** A password is a name in the chart, and nowhere a value. */
  SECRETS_ARE_NAMED,

  /** Every setting is one that its service reads. */
  SETTINGS_EXIST,

  /** No variable is set twice: the cluster would take one of them. */
  SETTINGS_ARE_SET_ONCE,

  /** All of the release is cut off, in both directions, from all that no other policy names. */
  EVERYBODY_IS_DENIED,

  /** Where one end of an arrow is, there is the other. */
  ARROWS_HAVE_TWO_ENDS,

  /** Who is told an address may go there, and nobody else may. */
  ADDRESSES_ARE_ARROWS,

  /** One scaler for each service at most, and none that has a number of replicas besides. */
  SCALERS_RULE_ALONE,

  /** voice-worker goes down to none, and up by a number that voice-service tells. */
  WORKERS_FOLLOW_THE_JOBS,

  /** Nobody but the gateway is reached from outside, and that with TLS. */
  THE_GATEWAY_IS_THE_ONLY_DOOR,

  /** Metrics are those of each pod, at its management port. */
  METRICS_ARE_FOUND,

  /** What refers to something else finds it. */
  REFERENCES_LEAD_SOMEWHERE;

  /** Volumes that Pod Security "restricted" lets in. */
  private static final Set<String> VOLUMES =
      Set.of("name", "configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret");

  private static final Pattern SECRET =
      Pattern.compile("PASSWORD|SECRET|JAAS|API_?KEY|ACCESS_KEY|TOKEN$");

  private static final Pattern ADDRESS = Pattern.compile("http://mybella-([a-z-]+):8080.*");

  private static final Pattern ARROW = Pattern.compile("(.+) -> (.+):\\d+");

  private static final List<String> DATABASES = List.of("gateway", "memory", "persona", "voice");

  private static final SettingNames SETTINGS = new SettingNames();

  /** What speaks against it; empty when it holds. */
  List<String> violations(RenderedChart chart) {
    return check(chart)
        .map(each -> chart.variant() + ", " + name().toLowerCase(Locale.ROOT) + ": " + each)
        .toList();
  }

  private Stream<String> check(RenderedChart chart) {
    return switch (this) {
      case PODS_ARE_RESTRICTED -> chart.pods().stream().flatMap(ChartRule::unrestricted);
      case RESOURCES_ARE_ASKED_FOR ->
          wrong(
              chart.pods().stream().flatMap(pod -> pod.containers().stream()),
              container ->
                  container.at("/resources/requests/cpu").isString()
                      && container.at("/resources/requests/memory").isString()
                      && container.at("/resources/limits/memory").isString(),
              "asks for no processor and memory");
      case HEALTH_IS_ASKED_FOR -> chart.services().stream().flatMap(ChartRule::unhealthy);
      case LIVENESS_ASKS_NOBODY ->
          Stream.concat(
              wrong(
                  chart.services().stream(),
                  pod ->
                      pod.containers().stream()
                          .allMatch(
                              each ->
                                  each.at("/livenessProbe/httpGet/path")
                                      .asString("")
                                      .equals("/actuator/health/liveness")),
                  "is restarted by something else than its liveness"),
              Stream.of("liveness.include: livenessState\n")
                  .filter(alone -> !read("chassis/src/main/resources/chassis.yaml").contains(alone))
                  .map(_ -> "the services' liveness asks more than themselves"));
      case UPDATES_ROLL ->
          wrong(
              chart.services().stream(),
              pod -> keepsVolume(chart, pod) ? isReplaced(pod) : isRolled(pod),
              "does not roll");
      case PODS_ARE_SPREAD ->
          Stream.concat(
              wrong(
                  chart.services().stream(),
                  pod ->
                      topologies(pod)
                          .equals(Set.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")),
                  "is not spread over nodes and zones"),
              wrong(
                  chart.services().stream(),
                  pod ->
                      chart
                              .all("PodDisruptionBudget")
                              .filter(each -> selects(each, pod))
                              .filter(each -> each.at("/spec/maxUnavailable").asInt(0) == 1)
                              .count()
                          == 1,
                  "has no budget of disruptions"));
      case PODS_END_GRACEFULLY ->
          wrong(
              chart.services().stream(),
              pod -> {
                int pause =
                    pod.containers().getFirst().at("/lifecycle/preStop/sleep/seconds").asInt(0);
                int all = pod.spec().path("terminationGracePeriodSeconds").asInt(0);
                return pause > 0 && all >= pause + shutdownSeconds() + 10;
              },
              "is killed before it has ended");
      case OWNERS_LOGIN_STAYS_AWAY -> chart.pods().stream().flatMap(ChartRule::owners);
      case DATABASES_ARE_MIGRATED -> unmigrated(chart);
      case SECRETS_ARE_NAMED -> toldSecrets(chart);
      case SETTINGS_EXIST ->
          chart.services().stream()
              .flatMap(
                  pod ->
                      pod.environment().stream()
                          .map(each -> each.path("name").asString())
                          .filter(name -> !isSetting(pod, name))
                          .map(name -> pod + " does not read " + name));
      case SETTINGS_ARE_SET_ONCE ->
          wrong(
              chart.pods().stream(),
              pod ->
                  pod.environment().stream().map(each -> each.path("name")).distinct().count()
                      == pod.environment().size(),
              "has a setting twice");
      case EVERYBODY_IS_DENIED ->
          chart
                  .all("NetworkPolicy")
                  .filter(
                      each -> !each.at("/spec").has("ingress") && !each.at("/spec").has("egress"))
                  .filter(each -> each.at("/spec/policyTypes").size() == 2)
                  .anyMatch(
                      each ->
                          chart.pods().stream()
                              .allMatch(
                                  pod ->
                                      RenderedChart.selects(
                                          each.at("/spec/podSelector"), pod.labels())))
              ? Stream.of()
              : Stream.of("no policy denies everything to everybody");
      case ARROWS_HAVE_TWO_ENDS ->
          new Arrows(chart).halves().stream().map(half -> half + " has one end only");
      case ADDRESSES_ARE_ARROWS -> strayAddresses(chart);
      case SCALERS_RULE_ALONE -> quarrels(chart);
      case WORKERS_FOLLOW_THE_JOBS ->
          chart.all("ScaledObject").flatMap(each -> scaledWrongly(chart, each));
      case THE_GATEWAY_IS_THE_ONLY_DOOR -> otherDoors(chart);
      case METRICS_ARE_FOUND ->
          chart
              .all("PodMonitor")
              .flatMap(
                  monitor ->
                      wrong(
                          chart.services().stream(),
                          pod -> isScraped(monitor.path("spec"), pod),
                          "is not scraped"));
      case REFERENCES_LEAD_SOMEWHERE -> dangling(chart);
    };
  }

  private static <T> Stream<String> wrong(Stream<T> all, Predicate<T> isRight, String what) {
    return all.filter(each -> !isRight.test(each)).map(each -> each + " " + what);
  }

  private static Stream<String> unrestricted(Pod pod) {
    List<String> found = new ArrayList<>();
    JsonNode spec = pod.spec();
    for (String shared : List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace")) {
      expect(!spec.path(shared).asBoolean(false), shared, found);
    }
    expect(!spec.path("automountServiceAccountToken").asBoolean(true), "has a token", found);
    expect(!spec.path("enableServiceLinks").asBoolean(true), "gets variables of services", found);
    JsonNode security = spec.path("securityContext");
    expect(security.path("runAsNonRoot").asBoolean(false), "may be root", found);
    expect(security.path("runAsUser").asInt(0) > 0, "is root", found);
    expect(
        security.at("/seccompProfile/type").asString("").equals("RuntimeDefault"),
        "has no seccomp profile",
        found);
    spec.path("volumes")
        .forEach(
            volume ->
                expect(VOLUMES.containsAll(volume.propertyNames()), "mounts " + volume, found));
    for (JsonNode container : pod.containers()) {
      JsonNode own = container.path("securityContext");
      expect(!own.path("privileged").asBoolean(false), "is privileged", found);
      expect(!own.path("allowPrivilegeEscalation").asBoolean(true), "may gain rights", found);
      expect(own.path("readOnlyRootFilesystem").asBoolean(false), "may write its image", found);
      expect(own.at("/capabilities/drop/0").asString("").equals("ALL"), "has capabilities", found);
      expect(!own.path("capabilities").has("add"), "asks for capabilities", found);
      expect(own.path("runAsUser").asInt(1) > 0, "is root after all", found);
      expect(own.path("runAsNonRoot").asBoolean(true), "may be root after all", found);
    }
    return found.stream().map(each -> pod + " " + each);
  }

  private static void expect(boolean right, String problem, List<String> found) {
    if (!right) {
      found.add(problem);
    }
  }

  private static Stream<String> unhealthy(Pod pod) {
    List<String> found = new ArrayList<>();
    for (JsonNode container : pod.containers()) {
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        JsonNode asked = container.path(probe);
        String path =
            probe.equals("readinessProbe")
                ? "/actuator/health/readiness"
                : "/actuator/health/liveness";
        expect(asked.at("/httpGet/path").asString("").equals(path), probe + " asks else", found);
        expect(
            Objects.equals(pod.ports().get(asked.at("/httpGet/port").asString("")), 8090),
            probe + " is not on the management port",
            found);
      }
      // As the local stack has it: ten minutes to start, a minute of silence.
      expect(patience(container, "startupProbe") >= 600, "has no time to start", found);
      expect(patience(container, "livenessProbe") >= 60, "is restarted too soon", found);
    }
    return found.stream().map(each -> pod + " " + each);
  }

  private static int patience(JsonNode container, String probe) {
    JsonNode asked = container.path(probe);
    return asked.path("periodSeconds").asInt(0) * asked.path("failureThreshold").asInt(0);
  }

  /** Whether it has a volume that one pod alone can mount. */
  private static boolean keepsVolume(RenderedChart chart, Pod pod) {
    return claims(pod)
        .anyMatch(
            claim ->
                chart
                    .all("PersistentVolumeClaim")
                    .filter(each -> each.at("/metadata/name").asString().equals(claim))
                    .anyMatch(
                        each -> each.at("/spec/accessModes/0").asString().equals("ReadWriteOnce")));
  }

  private static Stream<String> claims(Pod pod) {
    return pod.spec()
        .path("volumes")
        .valueStream()
        .filter(each -> each.has("persistentVolumeClaim"))
        .map(each -> each.at("/persistentVolumeClaim/claimName").asString());
  }

  private static boolean isReplaced(Pod pod) {
    return pod.owner().at("/spec/strategy/type").asString("").equals("Recreate")
        && pod.owner().at("/spec/replicas").asInt(0) == 1;
  }

  private static boolean isRolled(Pod pod) {
    JsonNode strategy = pod.owner().at("/spec/strategy");
    return strategy.path("type").asString("").equals("RollingUpdate")
        && strategy.at("/rollingUpdate/maxUnavailable").asInt(1) == 0
        && strategy.at("/rollingUpdate/maxSurge").asInt(0) > 0;
  }

  private static Set<String> topologies(Pod pod) {
    return pod.spec()
        .path("topologySpreadConstraints")
        .valueStream()
        .filter(each -> RenderedChart.selects(each.path("labelSelector"), pod.labels()))
        .filter(each -> each.path("maxSkew").asInt(0) == 1)
        .map(each -> each.path("topologyKey").asString())
        .collect(Collectors.toSet());
  }

  private static boolean selects(JsonNode budget, Pod pod) {
    return RenderedChart.selects(budget.at("/spec/selector"), pod.labels());
  }

  /** How long a phase of a service's shutdown may take. */
  private static int shutdownSeconds() {
    var found =
        Pattern.compile("timeout-per-shutdown-phase: (\\d+)s")
            .matcher(read("chassis/src/main/resources/chassis.yaml"));
    return found.find() ? Integer.parseInt(found.group(1)) : Integer.MAX_VALUE / 2;
  }

  private static Stream<String> owners(Pod pod) {
    boolean migrates = pod.setting("MYBELLA_MIGRATIONS").equals("only");
    // The server of a trial makes the role.
    if (migrates || pod.component().equals("postgres")) {
      return pod.kind().equals("Deployment")
          ? Stream.of(pod + " migrates and serves")
          : Stream.of();
    }
    List<String> found = new ArrayList<>();
    for (JsonNode each : pod.environment()) {
      String secret =
          each.at("/valueFrom/secretKeyRef/name").asString("")
              + " "
              + each.at("/valueFrom/secretKeyRef/key").asString("");
      boolean owner =
          each.path("name").asString().startsWith("MYBELLA_DB_OWNER")
              || secret.contains("-owner")
              || secret.contains("superuser");
      expect(!owner, "has the owner's login: " + each, found);
    }
    expect(!pod.spec().path("volumes").toString().contains("-owner"), "mounts a login", found);
    expect(
        !pod.hasDatabase() || pod.setting("MYBELLA_MIGRATIONS").equals("none"),
        "migrates when it starts",
        found);
    return found.stream().map(each -> pod + " " + each);
  }

  private static Stream<String> unmigrated(RenderedChart chart) {
    List<String> found = new ArrayList<>();
    boolean inside = chart.all("StatefulSet").findAny().isPresent();
    for (String database : DATABASES) {
      List<Pod> jobs =
          chart.pods().stream()
              .filter(pod -> pod.kind().equals("Job"))
              .filter(pod -> pod.setting("MYBELLA_DB_URL").matches(".*/" + database + "(\\?.*)?"))
              .toList();
      expect(jobs.size() == 1, database + " has " + jobs.size() + " jobs", found);
      for (Pod job : jobs) {
        String hook =
            job.owner().path("metadata").path("annotations").path("helm.sh/hook").asString("");
        // What is part of the release is not there before the release.
        expect(
            hook.equals(inside ? "" : "pre-install,pre-upgrade"), job + " runs at " + hook, found);
        expect(job.setting("MYBELLA_MIGRATIONS").equals("only"), job + " serves", found);
        expect(
            job.environment().stream()
                .anyMatch(each -> each.path("name").asString().equals("MYBELLA_DB_OWNER_PASSWORD")),
            job + " has no login",
            found);
        expect(
            chart.services().stream()
                .anyMatch(
                    pod ->
                        pod.setting("MYBELLA_DB_URL").equals(job.setting("MYBELLA_DB_URL"))
                            && pod.containers()
                                .getFirst()
                                .path("image")
                                .equals(job.containers().getFirst().path("image"))),
            job + " is no service's of its version",
            found);
      }
    }
    return found.stream();
  }

  private static Stream<String> toldSecrets(RenderedChart chart) {
    List<String> found = new ArrayList<>();
    for (Pod pod : chart.pods()) {
      for (JsonNode each : pod.environment()) {
        expect(
            !each.has("value") || !SECRET.matcher(each.path("name").asString()).find(),
            pod + " is told " + each.path("name"),
            found);
      }
    }
    chart
        .all("Secret")
        .forEach(
            secret -> {
              expect(chart.variant().equals("trial"), "values make a secret", found);
              secret
                  .path("data")
                  .valueStream()
                  .map(value -> Base64.getDecoder().decode(value.asString()))
                  .map(value -> new String(value, StandardCharsets.UTF_8))
                  .forEach(
                      value -> {
                        expect(value.length() >= 32, "a password is short", found);
                        expect(
                            chart.objects().stream()
                                .noneMatch(each -> each.toString().contains(value)),
                            "a password is told",
                            found);
                      });
            });
    return found.stream();
  }

  private static boolean isSetting(Pod pod, String name) {
    String service = pod.component().replace("voice-worker", "voice-service");
    return name.startsWith("SPRING_") || SETTINGS.of(service).contains(name);
  }

  private static Stream<String> strayAddresses(RenderedChart chart) {
    Set<String> told = new TreeSet<>();
    for (Pod pod : chart.services()) {
      for (JsonNode each : pod.environment()) {
        var address = ADDRESS.matcher(each.path("value").asString(""));
        if (address.matches()) {
          told.add(pod.component() + " -> " + address.group(1) + ":8080");
        }
      }
    }
    Set<String> services =
        chart.services().stream().map(Pod::component).collect(Collectors.toSet());
    Set<String> arrows =
        new Arrows(chart)
            .allowed().stream()
                .filter(arrow -> isBetween(arrow, services))
                .collect(Collectors.toCollection(TreeSet::new));
    return Stream.concat(
        told.stream().filter(each -> !arrows.contains(each)).map(each -> each + " is refused"),
        arrows.stream().filter(each -> !told.contains(each)).map(each -> each + " is of no use"));
  }

  private static boolean isBetween(String arrow, Set<String> services) {
    var ends = ARROW.matcher(arrow);
    return ends.matches() && services.contains(ends.group(1)) && services.contains(ends.group(2));
  }

  private static Stream<String> quarrels(RenderedChart chart) {
    List<String> found = new ArrayList<>();
    for (Pod pod : chart.services()) {
      String name = pod.owner().at("/metadata/name").asString();
      long scalers =
          Stream.concat(chart.all("HorizontalPodAutoscaler"), chart.all("ScaledObject"))
              .filter(each -> each.at("/spec/scaleTargetRef/name").asString().equals(name))
              .count();
      boolean fixed = pod.owner().path("spec").has("replicas");
      expect(scalers == (fixed ? 0 : 1), pod + " is scaled by " + scalers, found);
    }
    chart
        .all("HorizontalPodAutoscaler")
        .forEach(
            each -> {
              expect(
                  each.at("/spec/metrics/0/resource/name").asString("").equals("cpu"),
                  RenderedChart.nameOf(each) + " does not look at the processor",
                  found);
              expect(
                  each.at("/spec/minReplicas").asInt(0) >= 2,
                  RenderedChart.nameOf(each) + " leaves one alone",
                  found);
            });
    return found.stream();
  }

  private static Stream<String> scaledWrongly(RenderedChart chart, JsonNode scaler) {
    List<String> found = new ArrayList<>();
    expect(
        scaler.at("/spec/scaleTargetRef/name").asString("").equals("mybella-voice-worker"),
        "scales something else",
        found);
    expect(scaler.at("/spec/minReplicaCount").asInt(1) == 0, "does not go down to none", found);
    String query = scaler.at("/spec/triggers/0/metadata/query").asString("");
    expect(query.contains("namespace=\"personas\""), "counts jobs of others", found);
    // The name as Prometheus has it is the meter's with other separators.
    expect(
        Pattern.compile("mybella_[a-z_]+")
            .matcher(query)
            .results()
            .map(name -> '"' + name.group().replace('_', '.') + '"')
            .allMatch(
                read("voice-service/src/main/java/io/mybella/voice/job/JobMetrics.java")::contains),
        "asks for a metric that is not there",
        found);
    expect(
        chart.services().stream()
            .filter(pod -> pod.component().equals("voice-service"))
            .allMatch(pod -> pod.setting("MYBELLA_VOICE_JOB_WORKERS").equals("0")),
        "has rivals in voice-service",
        found);
    return found.stream().map(each -> RenderedChart.nameOf(scaler) + " " + each);
  }

  private static Stream<String> otherDoors(RenderedChart chart) {
    List<String> found = new ArrayList<>();
    chart
        .all("Service")
        .forEach(
            service -> {
              expect(
                  service.at("/spec/type").asString("").equals("ClusterIP"),
                  RenderedChart.nameOf(service) + " is open",
                  found);
              expect(
                  service
                      .at("/spec/ports")
                      .valueStream()
                      .noneMatch(port -> port.path("targetPort").asString().equals("management")),
                  RenderedChart.nameOf(service) + " shows health and metrics",
                  found);
            });
    chart
        .all("Ingress")
        .forEach(
            ingress -> {
              Set<JsonNode> secured =
                  ingress
                      .at("/spec/tls")
                      .valueStream()
                      .filter(tls -> !tls.path("secretName").asString("").isEmpty())
                      .flatMap(tls -> tls.path("hosts").valueStream())
                      .collect(Collectors.toSet());
              for (JsonNode rule : ingress.at("/spec/rules")) {
                expect(secured.contains(rule.path("host")), rule + " has no TLS", found);
                expect(
                    rule.at("/http/paths/0/backend/service/name")
                        .asString("")
                        .equals("mybella-gateway"),
                    rule + " leads past the gateway",
                    found);
              }
            });
    chart
        .all("HTTPRoute")
        .flatMap(route -> route.at("/spec/rules").valueStream())
        .flatMap(rule -> rule.path("backendRefs").valueStream())
        .forEach(
            backend ->
                expect(
                    backend.path("name").asString("").equals("mybella-gateway")
                        && backend.path("port").asInt(0) == 8080,
                    backend + " leads past the gateway",
                    found));
    chart
        .all("HTTPRoute")
        .forEach(
            route ->
                expect(
                    route.at("/spec/rules").valueStream().anyMatch(ChartRule::leadsNowhere),
                    "What is the operator's is to be had from outside",
                    found));
    return found.stream();
  }

  /** Whoever asks for what is the operator's asks the gateway for a page that is not there. */
  private static boolean leadsNowhere(JsonNode rule) {
    return rule.at("/matches/0/path/value").asString("").equals("/internal")
        && rule.at("/filters/0/urlRewrite/path/replaceFullPath").asString("").equals("/not-found");
  }

  /** Alert rules and dashboards tell services apart by the label that the component becomes. */
  private static boolean isScraped(JsonNode monitor, Pod pod) {
    JsonNode endpoint = monitor.at("/podMetricsEndpoints/0");
    return RenderedChart.selects(monitor.path("selector"), pod.labels())
        && Objects.equals(pod.ports().get(endpoint.path("port").asString("")), 8090)
        && endpoint.path("path").asString("").equals("/actuator/prometheus")
        && monitor.path("jobLabel").asString("").equals("app.kubernetes.io/component");
  }

  private static Stream<String> dangling(RenderedChart chart) {
    List<String> found = new ArrayList<>();
    Set<String> names =
        chart.objects().stream().map(RenderedChart::nameOf).collect(Collectors.toSet());
    expect(names.size() == chart.objects().size(), "two objects have one name", found);
    names.forEach(
        name -> expect(name.substring(name.indexOf(' ')).length() <= 64, name + " is long", found));
    for (Pod pod : chart.pods()) {
      JsonNode account = pod.spec().path("serviceAccountName");
      expect(
          account.isMissingNode() || names.contains("ServiceAccount " + account.asString()),
          pod + " has no " + account,
          found);
      claims(pod)
          .forEach(
              claim ->
                  expect(
                      names.contains("PersistentVolumeClaim " + claim), pod + ": " + claim, found));
      Set<JsonNode> volumes =
          Stream.of(pod.spec().path("volumes"), pod.owner().at("/spec/volumeClaimTemplates"))
              .flatMap(JsonNode::valueStream)
              .map(each -> each.has("name") ? each.path("name") : each.at("/metadata/name"))
              .collect(Collectors.toSet());
      for (JsonNode container : pod.containers()) {
        for (JsonNode mount : container.path("volumeMounts")) {
          expect(volumes.contains(mount.path("name")), pod + " mounts nothing: " + mount, found);
        }
        expect(
            container
                    .path("volumeMounts")
                    .valueStream()
                    .anyMatch(mount -> mount.path("mountPath").asString().equals("/tmp"))
                || pod.component().equals("test"),
            pod + " has nowhere to write",
            found);
      }
    }
    for (JsonNode service : chart.all("Service").toList()) {
      for (JsonNode port : service.at("/spec/ports")) {
        expect(
            chart.pods().stream()
                    .filter(
                        pod ->
                            service
                                .at("/spec/selector")
                                .propertyStream()
                                .allMatch(
                                    each ->
                                        pod.labels().path(each.getKey()).equals(each.getValue())))
                    .filter(pod -> pod.ports().containsKey(port.path("targetPort").asString()))
                    .count()
                == 1,
            RenderedChart.nameOf(service) + " leads to no pod",
            found);
      }
    }
    Stream.concat(chart.all("HorizontalPodAutoscaler"), chart.all("ScaledObject"))
        .filter(
            each ->
                !names.contains("Deployment " + each.at("/spec/scaleTargetRef/name").asString()))
        .forEach(each -> found.add(RenderedChart.nameOf(each) + " scales nothing"));
    return found.stream();
  }

  private static String read(String file) {
    try {
      return Files.readString(LocalPlatform.projectRoot().resolve(file));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
