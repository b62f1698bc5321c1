package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be said of {@code docker-compose.yml} and its settings without Docker. */
class ComposeFileTests {

  private static final Pattern USED = Pattern.compile("\\$\\{([A-Z0-9_]+):\\?([^}]*)}");

  private static final Pattern SET = Pattern.compile("(?m)(?:^ENV |^    )([A-Z_]+)=");

  private final Path root = LocalPlatform.projectRoot();

  @TempDir Path folder;

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void passwordsAreMadeOnceForTheirOwnerAloneAndNotTold() throws Exception {
    Path file = folder.resolve("env");

    String said = initEnv(file, 0);

    Map<String, String> settings = settings(file);
    assertThat(settings)
        .hasSize(11)
        .allSatisfy((name, value) -> assertThat(value).as(name).matches("[0-9a-f]{48}"));
    assertThat(settings.values()).doesNotHaveDuplicates().noneMatch(said::contains);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String before = Files.readString(file);
    assertThat(initEnv(file, 1)).contains("is there already");
    assertThat(file).hasContent(before);
  }

  @Test
  void theFileHasNoPasswordAndEachIsAskedForInPlainWords() throws IOException {
    String compose = Files.readString(root.resolve("docker-compose.yml"));
    assertThat(compose.lines().filter(line -> line.matches(".*_PASSWORD: .*")))
        .hasSizeGreaterThan(15)
        .allMatch(line -> line.contains(":?run deploy/init-env first}") || line.contains(":-}"));
    assertThat(USED.matcher(compose).results().map(found -> found.group(1)))
        .allMatch(settings(root.resolve(".env.example"))::containsKey);
  }

  @Test
  void onlyMigrationsHaveALoginThatOwnsADatabase() throws IOException {
    List<String> owners =
        services().entrySet().stream()
            .filter(service -> service.getValue().toString().contains("OWNER_PASSWORD"))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(owners)
        .containsExactlyInAnyOrder(
            "postgres", "persona-migrate", "memory-migrate", "voice-migrate", "gateway-migrate");
  }

  @Test
  void theServicesThatAreImportedIntoAloneKnowTheOperatorsToken() throws IOException {
    List<String> knowing =
        services().entrySet().stream()
            .filter(service -> service.getValue().toString().contains("MYBELLA_OPERATOR_TOKEN"))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(knowing)
        .contains("persona-service", "memory-service", "voice-service", "gateway")
        .doesNotContain("voice-worker", "chat-service", "caddy", "kafka", "postgres");
  }

  /**
   * A name without a value that nobody sets takes away what the image sets, such as its log format.
   */
  @Test
  void whatAnImageSetsIsNotTakenAwayAgain() throws IOException {
    Set<String> unset = new TreeSet<>();
    for (Map<String, Object> service : services().values()) {
      if (service.get("environment") instanceof Map<?, ?> environment) {
        environment.forEach(
            (name, value) -> {
              if (value == null) {
                unset.add(name.toString());
              }
            });
      }
    }
    String image = Files.readString(root.resolve("Dockerfile"));
    Set<String> set =
        SET.matcher(image.substring(image.indexOf("\nENV ")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    assertThat(set).contains("MYBELLA_LOG_FORMAT", "MYBELLA_BLOBS_FOLDER");
    assertThat(unset).contains("MYBELLA_ELEVENLABS_API_KEY").doesNotContainAnyElementsOf(set);
  }

  private Map<String, Map<String, Object>> services() throws IOException {
    Map<String, Map<String, Map<String, Object>>> file =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(root.resolve("docker-compose.yml")));
    return file.getOrDefault("services", Map.of());
  }

  /** What it says; its exit code is looked at. */
  private String initEnv(Path file, int code) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(root.resolve("deploy/init-env").toString(), file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(code);
    return said;
  }

  private static Map<String, String> settings(Path file) throws IOException {
    var settings = new TreeMap<String, String>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return settings;
  }
}
