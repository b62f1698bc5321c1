package io.mybella.local.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTests {

  @TempDir private Path folder;

  @Test
  void aPasswordIsMadeUpOnceAndKept() {
    Path file = folder.resolve("secrets.properties");
    String first = Secrets.of(file).password("memory_app");
    assertThat(first).hasSizeGreaterThanOrEqualTo(32);
    assertThat(Secrets.of(file).password("memory_app")).isEqualTo(first);
    assertThat(Secrets.of(file).password("memory_owner")).isNotEqualTo(first);
  }

  @Test
  void onlyTheOwnerCanReadTheFile() throws IOException {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path file = folder.resolve("secrets.properties");
    Secrets secrets = Secrets.of(file);
    secrets.password("one");
    secrets.password("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
