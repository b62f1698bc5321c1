package io.mybella.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTests {

  @TempDir private Path folder;

  @Test
  void aRecordComesBackAsItWasWritten() {
    RunRecord record = ofThisProcess(Instant.parse("2026-01-02T03:04:05Z"));
    record.write(folder);
    assertThat(RunRecord.read(folder, "part")).contains(record);
    assertThat(RunRecord.readAll(folder)).containsExactly(record);
  }

  @Test
  void theProcessIsAliveOnlyIfItStartedWhenTheRecordSays() {
    Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
    assertThat(ofThisProcess(started).living()).contains(ProcessHandle.current());
    // The number was given to another program after a restart of the machine.
    assertThat(ofThisProcess(started.minusSeconds(60)).living()).isEmpty();
  }

  @Test
  void aDamagedRecordIsNone() throws IOException {
    Files.writeString(folder.resolve("part.process"), "state=HEALTHY\npid=12");
    assertThat(RunRecord.read(folder, "part")).isEmpty();
    assertThat(RunRecord.readAll(folder)).isEmpty();
  }

  private static RunRecord ofThisProcess(Instant started) {
    return new RunRecord(
        "part",
        State.HEALTHY,
        ProcessHandle.current().pid(),
        started,
        1234,
        "127.0.0.1:1234",
        "http://127.0.0.1:1235/health",
        2,
        "ended with exit code 7");
  }
}
