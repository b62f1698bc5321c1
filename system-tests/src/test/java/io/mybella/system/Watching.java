package io.mybella.system;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files that the platform is watched with: alerts, dashboards, and what operators read. */
final class Watching {

  static final Path FOLDER = LocalPlatform.projectRoot().resolve("deploy/observability");
  static final Path ALERTS = FOLDER.resolve("alerts.yml");

  private static final Path OPERATIONS = LocalPlatform.projectRoot().resolve("docs/operations.md");
  private static final Pattern DOCUMENTED = Pattern.compile("`([a-z0-9_]+)(?:\\{([^}]*)})?`");

  private Watching() {}

  /** The rules, as they stand there. */
  static List<JsonNode> alerts() {
    return yaml(ALERTS)
        .path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .toList();
  }

  /** Dashboards by the names of their files. */
  static Map<String, JsonNode> dashboards() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("dashboards"))) {
      Map<String, JsonNode> dashboards = new LinkedHashMap<>();
      for (Path file : files.sorted().toList()) {
        dashboards.put(
            file.getFileName().toString(), JsonMapper.shared().readTree(Files.readString(file)));
      }
      return dashboards;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every expression of a rule or dashboard, by where it stands. */
  static Map<String, String> expressions() {
    Map<String, String> expressions = new LinkedHashMap<>();
    alerts()
        .forEach(
            rule -> expressions.put(rule.path("alert").asString(), rule.path("expr").asString()));
    dashboards()
        .forEach(
            (file, dashboard) ->
                dashboard
                    .path("panels")
                    .forEach(
                        panel ->
                            panel
                                .path("targets")
                                .forEach(
                                    target ->
                                        expressions.put(
                                            "%s, %s %s"
                                                .formatted(
                                                    file,
                                                    panel.path("title").asString(),
                                                    target.path("refId").asString()),
                                            target.path("expr").asString()))));
    return expressions;
  }

  /** Headings of {@code docs/operations.md} on the third level that are names of alerts. */
  static List<String> runbooks() {
    return operations()
        .lines()
        .filter(line -> line.startsWith("### MyBella"))
        .map(line -> line.substring("### ".length()))
        .toList();
  }

  /** The metrics of the table in {@code docs/operations.md}, with the labels that stand there. */
  static List<PromQl.Selector> documented() {
    List<PromQl.Selector> metrics = new ArrayList<>();
    operations()
        .lines()
        .dropWhile(line -> !line.equals("| metric | meaning |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|", -1)[1])
        .flatMap(cell -> DOCUMENTED.matcher(cell).results())
        .forEach(
            found -> {
              String labels = found.group(2) == null ? "" : found.group(2);
              metrics.add(
                  new PromQl.Selector(
                      found.group(1),
                      Stream.of(labels.replaceAll("=\"[^\"]*\"", "").split(",", -1))
                          .filter(label -> !label.isEmpty())
                          .collect(Collectors.toSet())));
            });
    return metrics;
  }

  private static String operations() {
    try {
      return Files.readString(OPERATIONS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode yaml(Path file) {
    try {
      Object document =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      return JsonMapper.shared().valueToTree(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
