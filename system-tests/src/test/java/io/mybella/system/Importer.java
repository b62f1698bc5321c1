package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import io.mybella.local.TestPlatform;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./mybella import} into the platform of the tests, as a program of its own. */
final class Importer {

  private static final long MOST_MINUTES = 120;

  private final TestPlatform platform;
  private final Path folder;

  /**
   * The importer.
   *
   * @param folder for what it says, and for its private copies
   */
  Importer(TestPlatform platform, Path folder) {
    this.platform = platform;
    this.folder = folder;
  }

  /**
   * What it says in the end.
   *
   * @param report its tables by name: read, imported, already there, skipped
   */
  record Result(int status, JsonNode report) {

    /** Read, imported, already there, skipped. */
    List<Integer> counts(String table) {
      for (JsonNode each : report.path("tables")) {
        if (each.path("name").asString().equals(table)) {
          return counts(each);
        }
      }
      return List.of();
    }

    private static List<Integer> counts(JsonNode table) {
      return List.of(
          table.path("read").asInt(-1),
          table.path("imported").asInt(-1),
          table.path("already_there").asInt(-1),
          table.path("skipped").asInt(-1));
    }

    /** What is said about skipped rows of a table. */
    String reasons(String table) {
      return report
          .path("tables")
          .valueStream()
          .filter(each -> each.path("name").asString().equals(table))
          .map(each -> each.path("reasons").toString())
          .findFirst()
          .orElse("");
    }

    void assertAddsUp() {
      assertThat(report.path("complete").asBoolean()).as("%s", report).isTrue();
      for (JsonNode table : report.path("tables")) {
        List<Integer> counts = counts(table);
        assertThat(counts.get(1) + counts.get(2) + counts.get(3))
            .as("%s", table)
            .isEqualTo(counts.get(0));
      }
    }
  }

  /** Runs it to its end. */
  Result run(Path file, String... more) throws IOException, InterruptedException {
    Process process = start(file, more);
    assertThat(process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)).isTrue();
    String out = Files.readString(folder.resolve("out"));
    assertThat(out).as(Files.readString(folder.resolve("err"))).startsWith("{");
    return new Result(process.exitValue(), JsonMapper.shared().readTree(out));
  }

  /** Starts it; its process is the importer itself. */
  Process start(Path file, String... more) throws IOException {
    Path root = LocalPlatform.projectRoot();
    List<String> command = new ArrayList<>(List.of(root.resolve("mybella").toString()));
    command.addAll(List.of("import", file.toString(), "--json", "--scratch", folder.toString()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command);
    for (Setting setting : Setting.values()) {
      builder.environment().put(setting.name(), platform.settings().get(setting));
    }
    builder.environment().putAll(platform.settings().forServices());
    builder.environment().put("MYBELLA_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  /** What it wrote about its progress. */
  String progress() throws IOException {
    return Files.readString(folder.resolve("err"), UTF_8);
  }
}
