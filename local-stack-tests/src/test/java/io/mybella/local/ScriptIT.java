package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.local.settings.Home;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.Program;
import io.mybella.local.supervisor.RunRecord;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code mybella} as a person uses it, with stand-ins for the services. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(150)
class ScriptIT {

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Path project;
  private RunningStack stack;
  private int gatewayPort;
  private int voicePort;
  private int fakePort;

  @BeforeEach
  void create() throws IOException {
    project = StandInProject.in(folder.resolve("project"));
    System.setProperty("mybella.root", project.toString());
    Path home = folder.resolve("home");
    Settings settings = TestPlatform.onFreePorts(home, Map.of());
    environment.put("MYBELLA_HOME", home.toString());
    for (Setting setting : Setting.values()) {
      if (setting.name().endsWith("_PORT")) {
        environment.put(setting.name(), settings.get(setting));
      }
    }
    environment.put("MYBELLA_BUILD", "never");
    environment.put("MYBELLA_AOT", "off");
    gatewayPort = settings.number(Setting.MYBELLA_GATEWAY_PORT);
    voicePort = settings.number(Setting.MYBELLA_VOICE_PORT);
    fakePort = settings.number(Setting.MYBELLA_FAKE_ELEVENLABS_PORT);
    stack = new RunningStack(new Home(home));
  }

  @AfterEach
  void end() {
    System.clearProperty("mybella.root");
    stack.end(line -> {});
  }

  @Test
  void upStatusLogsDownReset() throws Exception {
    // Of a developer's other work in the same shell: no part may take it for its own.
    environment.put("SERVER_PORT", "1");
    environment.put("SPRING_PROFILES_ACTIVE", "of-another-project");
    environment.put("MYBELLA_ELEVENLABS_API_KEY", "key-of-the-user");
    Answer up = mybella("up", "--detach", "--fake-elevenlabs");
    assertThat(up.text)
        .contains("postgres         healthy after")
        .contains("The voices of ElevenLabs are a stand-in's", fakeUrl())
        .contains("gateway          healthy after")
        .contains("Seconds of each part: postgres ", ", gateway ")
        .contains("Ready after")
        .contains("http://127.0.0.1:" + gatewayPort + "/users/personas");
    assertThat(up.code).isZero();
    assertThat(Program.probe(gatewayPort, "/users/personas")).isTrue();
    assertThat(StandInProject.get(URI.create("http://127.0.0.1:" + gatewayPort + "/environment")))
        .contains("MYBELLA_GATEWAY_PORT=" + gatewayPort)
        .doesNotContain("SERVER_PORT", "SPRING_PROFILES_ACTIVE");
    assertThat(StandInProject.get(URI.create("http://127.0.0.1:" + voicePort + "/environment")))
        .contains("MYBELLA_ELEVENLABS_URL=" + fakeUrl(), "MYBELLA_ELEVENLABS_API_KEY=made-up-key")
        .doesNotContain("key-of-the-user");
    assertThat(StandInProject.get(URI.create(fakeUrl() + "/_record"))).contains("\"calls\":0");

    Answer status = mybella("status");
    assertThat(status.code).isZero();
    assertThat(status.text.lines().filter(line -> line.contains(" healthy "))).hasSize(8);
    assertThat(status.text).containsPattern("chat-service +healthy +\\d+ +\\d+ .* MiB");

    Answer help = mybella("help", "up");
    assertThat(help.code).isZero();
    assertThat(help.text).contains("--fake-elevenlabs", "MYBELLA_FAKE_ELEVENLABS_PORT");

    Answer second = mybella("up");
    assertThat(second.code).isEqualTo(1);
    assertThat(second.text).contains("runs already").contains("./mybella down");
    Answer third = mybella("up", "--detach");
    assertThat(third.code).isEqualTo(1);
    assertThat(third.text).contains("runs already");
    assertThat(folder.resolve("home/logs/supervisor.log"))
        .content()
        .contains("Ready after")
        .doesNotContain("runs already");

    Answer logs = mybella("logs", "voice-service");
    assertThat(logs.text).contains("voice-service answers on port");
    assertThat(mybella("logs", "fake-elevenlabs").text).contains("answers at " + fakeUrl());
    assertThat(mybella("logs", "nobody").text).contains("No part is named nobody");

    Answer down = mybella("down");
    assertThat(down.text).contains("The platform is down.");
    assertThat(Program.probe(gatewayPort, null)).isFalse();
    assertThat(Program.probe(fakePort, null)).isFalse();
    assertThat(mybella("status").code).isEqualTo(3);
    assertThat(mybella("down").text).contains("does not run");

    assertThat(mybella("reset").text).contains("Nothing was deleted");
    assertThat(folder.resolve("home/postgres")).exists();
    assertThat(mybella("reset", "--yes").text).contains("are deleted");
    assertThat(folder.resolve("home/postgres")).doesNotExist();
    assertThat(folder.resolve("home/secrets.properties")).doesNotExist();
  }

  @Test
  void sigtermEndsEveryPartInOrder() throws Exception {
    Path diary = folder.resolve("diary");
    environment.put("MYBELLA_STAND_IN_DIARY", diary.toString());
    Process process = start("up");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Program.probe(gatewayPort, "/users/personas"));
    await().atMost(Duration.ofSeconds(30)).until(() -> output().contains("Ready after"));
    List<RunRecord> parts = stack.parts();
    assertThat(parts).hasSize(7);

    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(output()).contains("Ending the platform", "Ended after");
    assertThat(Files.readAllLines(diary))
        .filteredOn(line -> line.endsWith(" ended"))
        .hasSize(5)
        .first()
        .isEqualTo("gateway ended");
    assertThat(parts).allSatisfy(part -> assertThat(part.living()).isEmpty());
  }

  @Test
  void noPartOutlivesAKilledSupervisorAndTheNextStartIsClean() throws Exception {
    assertThat(mybella("up", "--detach").code).isZero();
    List<RunRecord> parts = stack.parts();
    assertThat(parts).hasSize(7);

    stack.supervisor().orElseThrow().destroyForcibly();

    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> parts.stream().allMatch(part -> part.living().isEmpty()));
    assertThat(mybella("up", "--detach").code).isZero();
    assertThat(mybella("status").code).isZero();
  }

  @Test
  void aServiceThatCannotStartEndsTheWholeStartWithItsLastWords() throws Exception {
    environment.put("MYBELLA_STAND_IN_FATE", "crash");
    Answer up = mybella("up", "--detach");
    assertThat(up.code).isEqualTo(1);
    assertThat(up.text)
        .contains("ended with exit code 7, 3 times in a row")
        .contains("The stand-in crashes, as it was told to.");
    assertThat(stack.parts()).isEmpty();
    assertThat(stack.supervisor()).isEmpty();
  }

  private String fakeUrl() {
    return "http://127.0.0.1:" + fakePort;
  }

  private record Answer(int code, String text) {}

  private Answer mybella(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return new Answer(process.exitValue(), output());
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(project.resolve("mybella").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
  }
}
