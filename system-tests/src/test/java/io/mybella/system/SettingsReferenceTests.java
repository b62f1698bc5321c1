package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps {@code docs/configuration.md} true: it is written from what the code says of its own
 * settings. {@code ./mvnw -pl system-tests test -Dsettings.write=true} writes it anew.
 */
class SettingsReferenceTests {

  private static final List<String> MODULES =
      List.of(
          "gateway",
          "persona-service",
          "memory-service",
          "voice-service",
          "chat-service",
          "chassis");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(MYBELLA_[A-Z0-9_]+):?([^}]*)}");

  /** {@code Installation} and {@code PlatformAccess} read these. */
  private static final String OPERATOR =
      """

      ## The operator's programs

      `doctor` and `import` read these; `./mybella` sets them for the local stack. `SERVICE` is one of `GATEWAY`, `PERSONA`, `MEMORY`, `VOICE` and
      `CHAT`. `import` needs the addresses of services and the token alone.

      | variable | default | meaning |
      |---|---|---|
      | `MYBELLA_SERVICE_URL` | that of the local stack | address of a service's API. In the environment of the local stack, each leads the other services there, too |
      | `MYBELLA_SERVICE_MANAGEMENT_URL` | that of the local stack | address of its health and metrics |
      | `MYBELLA_SERVICE_DB_URL` | that of the local stack | JDBC address of its database; chat-service has none |
      | `MYBELLA_SERVICE_DB_APP_USER` | such as `persona_app` | the application's role in it |
      | `MYBELLA_SERVICE_DB_APP_PASSWORD` | empty | that role's password |
      | `MYBELLA_KAFKA` | `127.0.0.1:19092` | what Kafka clients connect to |
      | `MYBELLA_EVENTS_PARTITIONS` | `6` | the partitions that topics should have |
      | `MYBELLA_PUBLIC_URL` | empty | the address that people open in their browsers, where a proxy is in front of the gateway |
      | `MYBELLA_OPERATOR_TOKEN` | empty | what the services ask of whoever imports |

      `MYBELLA_ELEVENLABS_API_KEY`, `MYBELLA_ELEVENLABS_URL`, `MYBELLA_MODEL_BASE_URL`, `MYBELLA_MODEL_API_KEY` and `MYBELLA_MODEL_NAME` are those of the
      services.
      """;

  private final Path root = LocalPlatform.projectRoot();

  @Test
  void everySettingStandsInTheReferenceWithItsDefault() throws IOException {
    Path reference = root.resolve("docs/configuration.md");
    String expected = reference();
    if (Boolean.getBoolean("settings.write")) {
      Files.writeString(reference, expected);
    }
    assertThat(reference)
        .as("write it anew with ./mvnw -pl system-tests test -Dsettings.write=true")
        .hasContent(expected);
  }

  @Test
  void whatAServiceSetsItselfOutweighsWhatAllHaveInCommon() throws IOException {
    for (String module : MODULES) {
      if (!module.equals("chassis")) {
        assertThat(Files.readString(settings(module)))
            .as("%s: an import outweighs all of the document that it stands in", module)
            .containsPattern("\\A(#.*\n)*spring.config.import: classpath:chassis.yaml\n---\n");
      }
    }
  }

  private String reference() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Settings

        Written from the code by `SettingsReferenceTests`; the build fails when they differ.

        ## The local stack

        `./mybella` reads these from the environment, else from `mybella.properties` at the root of the project. Any other variable
        that starts with `MYBELLA_` is handed on to the services.

        | variable | default | meaning |
        |---|---|---|
        """);
    for (Setting setting : Setting.values()) {
      row(text, "`" + setting.name() + "`", code(setting.defaultValue()), setting.meaning());
    }
    text.append(OPERATOR);
    text.append(
        """

        ## Environment variables of the services

        | variable | default | read by |
        |---|---|---|
        """);
    variables()
        .forEach(
            (variable, readers) ->
                row(
                    text,
                    "`" + variable + "`",
                    String.join(
                        "<br>",
                        readers.keySet().stream().map(SettingsReferenceTests::code).toList()),
                    String.join(
                        "<br>",
                        readers.values().stream().map(each -> String.join(", ", each)).toList())));
    text.append(
        """

        ## Properties

        Each can be set in the environment, too: `mybella.outbox.batch-size` is `MYBELLA_OUTBOX_BATCHSIZE`.
        """);
    for (String module : MODULES) {
      text.append("\n### ")
          .append(module.equals("chassis") ? "every service" : module)
          .append("\n\n");
      text.append("| property | default | meaning |\n|---|---|---|\n");
      for (JsonNode property : properties(module)) {
        row(
            text,
            "`" + property.path("name").asString() + "`",
            code(defaultOf(property)),
            description(property).replaceAll("\\{@code ([^}]*)}", "`$1`"));
      }
    }
    return text.toString();
  }

  private List<JsonNode> properties(String module) throws IOException {
    Path metadata =
        root.resolve(module).resolve("target/classes/META-INF/spring-configuration-metadata.json");
    return JsonMapper.shared()
        .readTree(Files.readString(metadata))
        .path("properties")
        .valueStream()
        .toList();
  }

  /** Of a part that a library brings along only the library knows what it means. */
  private String description(JsonNode property) throws IOException {
    if (property.has("description")) {
      return property.path("description").asString();
    }
    String type = property.path("sourceType").asString();
    Path library =
        root.resolve("language-model/target/classes/META-INF/spring/configuration-metadata")
            .resolve(type + ".json");
    if (Files.notExists(library)) {
      return "";
    }
    String name = property.path("name").asString();
    return JsonMapper.shared()
        .readTree(Files.readString(library))
        .path("properties")
        .valueStream()
        .filter(each -> name.endsWith("." + each.path("name").asString()))
        .findFirst()
        .orElseThrow()
        .path("description")
        .asString("");
  }

  private static String defaultOf(JsonNode property) {
    JsonNode value = property.path("defaultValue");
    return value.isArray()
        ? String.join(",", value.valueStream().map(JsonNode::asString).toList())
        : value.asString("");
  }

  /** Variable to its default (several where services differ) to the services that read it. */
  private Map<String, Map<String, List<String>>> variables() throws IOException {
    Map<String, Map<String, List<String>>> variables = new TreeMap<>();
    for (String module : MODULES) {
      Matcher found = VARIABLE.matcher(Files.readString(settings(module)));
      while (found.find()) {
        variables
            .computeIfAbsent(found.group(1), _ -> new TreeMap<>())
            .computeIfAbsent(found.group(2), _ -> new ArrayList<>())
            .add(module.equals("chassis") ? "every service" : module);
      }
    }
    return variables;
  }

  private Path settings(String module) {
    String file = module.equals("chassis") ? "chassis.yaml" : "application.yaml";
    return root.resolve(module).resolve("src/main/resources").resolve(file);
  }

  private static String code(String value) {
    return value.isEmpty() ? "empty" : "`" + value + "`";
  }

  private static void row(StringBuilder text, String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
