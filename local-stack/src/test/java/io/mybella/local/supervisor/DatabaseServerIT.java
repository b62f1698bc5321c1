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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class DatabaseServerIT {

  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1));

  @TempDir private Path folder;

  /** A standby that lets nobody in says for as long as one likes what a long recovery says. */
  @DisabledOnOs(OS.WINDOWS)
  @Test
  void aRecoveryMayTakeLongerThanAStart() throws Exception {
    try (Supervisor supervisor = supervisor(Duration.ofSeconds(60))) {
      supervisor.start(List.of(server("password")));
    }
    Path data = folder.resolve("data");
    Files.createFile(data.resolve("standby.signal"));
    Files.writeString(
        data.resolve("postgresql.auto.conf"), "hot_standby = off\n", StandardOpenOption.APPEND);
    Duration limit = Duration.ofSeconds(1);
    try (Supervisor supervisor = supervisor(limit)) {
      CompletableFuture<Void> start =
          CompletableFuture.runAsync(() -> supervisor.start(List.of(server("password"))));
      await().atMost(Duration.ofSeconds(30)).until(() -> logged("Hot standby mode is disabled"));
      await().during(limit.multipliedBy(2)).until(() -> !start.isDone());

      promote(supervisor.pid("postgres"));

      start.get(30, TimeUnit.SECONDS);
      assertThat(supervisor.state("postgres")).isEqualTo(State.HEALTHY);
      assertThat(RunRecord.read(folder, "postgres").orElseThrow().restarts()).isZero();
    }
  }

  @Test
  void otherPasswordsThanTheDataWereMadeWithEndTheStart() {
    try (Supervisor supervisor = supervisor(Duration.ofSeconds(60))) {
      supervisor.start(List.of(server("one")));
    }
    try (Supervisor supervisor = supervisor(Duration.ofSeconds(60))) {
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

  private Supervisor supervisor(Duration start) {
    return new Supervisor(folder, QUICK, Limits.of(start, Duration.ofSeconds(60)), line -> {});
  }

  private DatabaseServer server(String password) {
    return new DatabaseServer(
        folder.resolve("data"), FreePort.find(), role -> password, folder.resolve("postgres.log"));
  }
}
