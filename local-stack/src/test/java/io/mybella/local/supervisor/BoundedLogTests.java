package io.mybella.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTests {

  private static final int MEBIBYTE = 1024 * 1024;

  @TempDir private Path folder;

  @Test
  void aLogOfAnyLengthKeepsItsEndInTwoBoundedFiles() throws IOException {
    Path log = folder.resolve("part.log");
    StringBuilder output = new StringBuilder();
    for (int line = 0; output.length() < 35 * MEBIBYTE; line++) {
      output.append("line ").append(line).append(" of a talkative program\n");
    }
    output.append("the end – é\n");
    BoundedLog.pump(
        "part", new ByteArrayInputStream(output.toString().getBytes(StandardCharsets.UTF_8)), log);

    await().until(() -> BoundedLog.tail(log, 1).equals(java.util.List.of("the end – é")));
    assertThat(Files.size(log)).isLessThan(11L * MEBIBYTE);
    assertThat(Files.size(folder.resolve("part.log.1"))).isLessThan(11L * MEBIBYTE);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void theTailOfALogThatDoesNotExistIsEmpty() {
    assertThat(BoundedLog.tail(folder.resolve("none.log"), 10)).isEmpty();
  }
}
