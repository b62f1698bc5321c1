package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import io.mybella.local.parts.FreePort;
import io.mybella.local.testing.Requirement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerState;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The platform of {@code docker-compose.yml}, as its users have it: images built, passwords made by
 * {@code deploy/init-env}; on ports of its own, and with its volumes removed at the end.
 */
final class ComposedPlatform implements AutoCloseable {

  /** The services that have a health check of their own. */
  static final List<String> SERVICES =
      List.of(
          "gateway",
          "persona-service",
          "memory-service",
          "voice-service",
          "voice-worker",
          "chat-service");

  private static final Path ROOT = LocalPlatform.projectRoot();
  private static final Duration START_LIMIT = Duration.ofMinutes(15);

  private final ComposeContainer compose;
  private final Map<String, String> settings;

  private ComposedPlatform(ComposeContainer compose, Map<String, String> settings) {
    this.compose = compose;
    this.settings = settings;
  }

  /**
   * Builds the images and starts it; with {@code -Dcompose.build=false} it starts those that are
   * there. Where there is no Docker the test is skipped and says so, or fails where {@code
   * MYBELLA_REQUIRE_DOCKER} is {@code true}.
   *
   * @param folder for its settings
   */
  static ComposedPlatform start(Path folder) throws IOException, InterruptedException {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw Requirement.DOCKER.missing("there is no Docker, so docker-compose.yml is not tested");
    }
    Map<String, String> settings = settings(folder.resolve("env"));
    var compose =
        new ComposeContainer("mybella-test", ROOT.resolve("docker-compose.yml").toFile())
            .withEnv(settings)
            .withBuild(!"false".equals(System.getProperty("compose.build")))
            .withPull(false);
    for (String service : SERVICES) {
      compose.waitingFor(instance(service), Wait.forHealthcheck().withStartupTimeout(START_LIMIT));
    }
    var platform = new ComposedPlatform(compose, settings);
    try {
      compose.start();
      return platform;
    } catch (RuntimeException failed) {
      platform.close();
      throw failed;
    }
  }

  private static Map<String, String> settings(Path file) throws IOException, InterruptedException {
    run(ROOT.resolve("deploy/init-env").toString(), file.toString());
    var settings = new TreeMap<String, String>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    settings.put("MYBELLA_PUBLISH", "127.0.0.1:" + FreePort.find());
    settings.put("MYBELLA_KAFKA_PORT", "" + FreePort.find());
    // Beside a platform that has the usual network.
    settings.put("MYBELLA_PROXY_NETWORK", "172.30.253");
    return settings;
  }

  /** Where the gateway is. */
  URI baseUrl() {
    return URI.create("http://" + settings.get("MYBELLA_PUBLISH"));
  }

  /** Where Kafka is for consumers of events: {@code host:port}. */
  String kafka() {
    return "127.0.0.1:" + settings.get("MYBELLA_KAFKA_PORT");
  }

  /** The passwords that own databases, and the superuser's. */
  List<String> ownersPasswords() {
    return settings.entrySet().stream()
        .filter(each -> each.getKey().matches(".*OWNER_PASSWORD|POSTGRES_PASSWORD"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** What a service's container has in its environment. */
  List<String> environment(String service) {
    String[] environment = container(service).getContainerInfo().getConfig().getEnv();
    return environment == null ? List.of() : Arrays.asList(environment);
  }

  /** All rows of all databases, as text. */
  String rows() throws IOException, InterruptedException {
    var rows = new StringBuilder();
    for (String database : List.of("gateway", "persona", "memory", "voice")) {
      rows.append(in("postgres", "pg_dump", "--username=postgres", "--data-only", database));
    }
    return rows.toString();
  }

  /** The files that persona-service and voice-service keep. */
  List<String> files() throws IOException, InterruptedException {
    var files = new ArrayList<String>();
    for (String service : List.of("persona-service", "voice-service")) {
      in(service, "find", "/data", "-type", "f").lines().forEach(files::add);
    }
    return files;
  }

  private String in(String service, String... command) throws IOException, InterruptedException {
    ExecResult result = container(service).execInContainer(command);
    assertThat(result.getExitCode()).as("%s: %s", service, result.getStderr()).isZero();
    return result.getStdout();
  }

  private ContainerState container(String service) {
    return compose.getContainerByServiceName(instance(service)).orElseThrow();
  }

  private static String instance(String service) {
    return service + "-1";
  }

  /** What a program of the project says before it ends well. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), UTF_8);
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    compose.stop();
  }
}
