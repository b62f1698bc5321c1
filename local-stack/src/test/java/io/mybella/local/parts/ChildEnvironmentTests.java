package io.mybella.local.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTests {

  @Test
  void whatADevelopersShellSaysToOtherProgramsIsNotHandedOn() {
    ProcessBuilder process = new ProcessBuilder("true");
    process
        .environment()
        .putAll(
            Map.of(
                "SERVER_PORT", "1",
                "SPRING_PROFILES_ACTIVE", "test",
                "MANAGEMENT_SERVER_PORT", "2",
                "JAVA_TOOL_OPTIONS", "-javaagent:agent.jar",
                "JDK_JAVA_OPTIONS", "-Xmx1g",
                "LOGGING_LEVEL_ROOT", "trace",
                "PGDATA", "/elsewhere",
                "MYBELLA_HOME", "/elsewhere",
                "LC_ALL", "C.UTF-8",
                "AWS_PROFILE", "bucket"));

    ChildEnvironment.choose(process);

    assertThat(process.environment())
        .containsEntry("PATH", System.getenv("PATH"))
        .containsEntry("LC_ALL", "C.UTF-8")
        .containsEntry("AWS_PROFILE", "bucket")
        .doesNotContainKeys(
            "SERVER_PORT",
            "SPRING_PROFILES_ACTIVE",
            "MANAGEMENT_SERVER_PORT",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "LOGGING_LEVEL_ROOT",
            "PGDATA",
            "MYBELLA_HOME");
  }
}
