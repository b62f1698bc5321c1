package io.mybella.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mybella.local.parts.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class DatabaseServerIT {

  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1));

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  /** A standby that lets nobody in says for as long as one likes what a long recovery says. */
  @DisabledOnOs(OS.WINDOWS)
  @Test
  void aServerThatRecoversAsksForTime() throws Exception {
    try (Supervisor supervisor = supervisor()) {
      supervisor.start(List.of(server("password")));
    }
    Path data = folder.resolve("data");
    Files.createFile(data.resolve("standby.signal"));
    Files.writeString(
        data.resolve("postgresql.auto.conf"), "hot_standby = off\n", StandardOpenOption.APPEND);
    Part.Run run = server("password").start();
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> !run.isHealthy() && logged("Hot standby mode is disabled"));
      assertThat(run.isHealthy()).isFalse();
      assertThat(run.asksForTime()).isTrue();
      assertThat(run.answers(PATIENCE)).isTrue();

      promote(run.pid());

      await().atMost(PATIENCE).until(run::isHealthy);
      assertThat(run.asksForTime()).isFalse();
    } finally {
      run.askToEnd();
      run.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void otherPasswordsThanTheDataWereMadeWithEndTheStart() {
    try (Supervisor supervisor = supervisor()) {
      supervisor.start(List.of(server("one")));
    }
    try (Supervisor supervisor = supervisor()) {
      assertThatThrownBy(() -> supervisor.start(List.of(server("another"))))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("other passwords");
    }
  }

  private void promote(long pid) throws IOException, InterruptedException {
    Files.createFile(folder.resolve("data/promote"));
    Process signal = new ProcessBuilder("kill", "-USR1", "" + pid).start();
    assertThat(signal.waitFor()).isZero();
  }

  private boolean logged(String text) throws IOException {
    return Files.readString(folder.resolve("postgres.log")).contains(text);
  }

  private Supervisor supervisor() {
    return new Supervisor(folder, QUICK, Limits.of(PATIENCE, PATIENCE), line -> {});
  }

  private DatabaseServer server(String password) {
    return new DatabaseServer(
        folder.resolve("data"), FreePort.find(), role -> password, folder.resolve("postgres.log"));
  }
}
