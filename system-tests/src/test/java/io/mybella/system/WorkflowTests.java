package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be said of {@code .github/workflows} where no runner is. */
@Execution(ExecutionMode.CONCURRENT)
class WorkflowTests {

  private static final Path ROOT = LocalPlatform.projectRoot();

  /** GitHub's own actions, at a major version or a commit. */
  private static final Pattern ACTION = Pattern.compile("actions/[a-z-]+@(v\\d+|[0-9a-f]{40})");

  private static final Pattern TESTS = Pattern.compile("-D(?:it\\.)?test=(\\S+)");

  private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");

  private static final Pattern FILE =
      Pattern.compile("(?<![\\w/.-])((?:\\.ci|deploy)/[\\w./-]*[\\w-])(?=\\s|$|;)");

  static List<Path> workflows() throws IOException {
    try (var files = Files.list(ROOT.resolve(".github/workflows"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void gitHubKnowsAllOfIt(Path workflow) throws IOException {
    assertThat(Schemas.installed().workflow(Files.readString(workflow))).isEmpty();
  }

  /** So that the silence of the schema says something. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          runs-on:           | run-on:
          timeout-minutes:   | timeout:
          contents: read     | contents: reed
          on:                | when:
          steps:             | step:
          """)
  void gitHubFindsWhatIsWrong(String right, String wrong) throws IOException {
    String text = Files.readString(workflows().getLast());
    assertThat(text).contains(right);
    assertThat(Schemas.installed().workflow(text.replaceFirst(right, wrong))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void nothingSpeaksAgainstIt(Path workflow) throws IOException {
    assertThat(violations(Files.readString(workflow))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          contents: read                 | contents: write
          concurrency:                   | env:
          pull_request:                  | pull_request_target:
          timeout-minutes: 90            | timeout-minutes: 900
          timeout-minutes: 90            | continue-on-error: true
          ubuntu-24.04                   | ubuntu-latest
          actions/checkout@v5            | actions/checkout@main
          actions/checkout@v5            | somebody/checkout@v5
          persist-credentials: false     | fetch-depth: 1
          .ci/run                        | .ci/go
          .ci/run                        | .ci/run ${{ github.head_ref }}
          ChartTests                     | ChartsTests
          -Pdocker                       | -Pdockers
          deploy/quick-test              | deploy/quicker-test
          """)
  void whatIsWrongIsSeen(String right, String wrong) throws IOException {
    String text = Files.readString(ROOT.resolve(".github/workflows/verify.yml"));
    assertThat(text).contains(right);
    assertThat(violations(text.replaceFirst(Pattern.quote(right), wrong.replace("$", "\\$"))))
        .isNotEmpty();
  }

  /** The profile's jobs, by what they are for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".ci/run",
        "-Dtest=ChartTests,WorkflowTests",
        "-Dit.test=ComposeIT",
        "-Pnightly",
        "makeAggregateBom",
        "-Dtests.database=container",
        "docker build",
        "kind create cluster",
        "helm upgrade mybella",
        "actions/dependency-review-action"
      })
  void itIsRunSomewhere(String what) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path workflow : workflows()) {
      texts.add(Files.readString(workflow));
    }
    assertThat(texts).anyMatch(text -> text.contains(what));
  }

  @Test
  void updatesAreLookedFor() throws IOException {
    JsonNode settings =
        JsonMapper.shared().readTree(Files.readString(ROOT.resolve("renovate.json")));
    assertThat(settings.path("extends").valueStream().map(JsonNode::asString))
        .contains("config:recommended");
    assertThat(settings.path("packageRules").valueStream())
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.path("matchPackageNames").size()).isPositive());
  }

  private static List<String> violations(String text) throws IOException {
    Object parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    JsonNode workflow = JsonMapper.shared().valueToTree(parsed);
    List<String> found = new ArrayList<>();
    expect(
        workflow.path("permissions").toString().equals("{\"contents\":\"read\"}"),
        "may write",
        found);
    expect(workflow.has("concurrency"), "runs twice at a time", found);
    // YAML 1.1 takes the key "on" for a truth.
    expect(!workflow.path("true").has("pull_request_target"), "gives secrets to strangers", found);
    for (JsonNode job : workflow.path("jobs")) {
      int minutes = job.path("timeout-minutes").asInt(0);
      expect(minutes > 0 && minutes <= 300, "may run for ever", found);
      expect(
          job.path("runs-on").asString("").matches("ubuntu-\\d\\d\\.\\d\\d"),
          "runs anywhere",
          found);
      expect(!job.path("permissions").toString().contains("write"), "a job may write", found);
      for (JsonNode step : job.path("steps")) {
        step(step, found);
      }
    }
    return found;
  }

  private static void step(JsonNode step, List<String> found) throws IOException {
    String action = step.path("uses").asString("");
    expect(action.isEmpty() || ACTION.matcher(action).matches(), action + " is not pinned", found);
    expect(
        !action.startsWith("actions/checkout@")
            || !step.at("/with/persist-credentials").asBoolean(true),
        "leaves its login behind",
        found);
    String commands = step.path("run").asString("");
    expect(!commands.contains("${{"), "pastes text into a shell: " + commands, found);
    for (String file : all(FILE, commands).toList()) {
      expect(Files.exists(ROOT.resolve(file)), "there is no " + file, found);
    }
    for (String name :
        all(TESTS, commands).flatMap(each -> Stream.of(each.split(",", -1))).toList()) {
      Path source = ROOT.resolve("system-tests/src/test/java/io/mybella/system/" + name + ".java");
      expect(name.equals("None") || Files.exists(source), "there is no test " + name, found);
    }
    String poms =
        Files.readString(ROOT.resolve("pom.xml"))
            + Files.readString(ROOT.resolve("system-tests/pom.xml"));
    for (String profile : all(PROFILE, commands).toList()) {
      expect(poms.contains("<id>" + profile + "</id>"), "there is no profile " + profile, found);
    }
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1));
  }

  private static void expect(boolean right, String problem, List<String> found) {
    if (!right) {
      found.add(problem);
    }
  }
}
