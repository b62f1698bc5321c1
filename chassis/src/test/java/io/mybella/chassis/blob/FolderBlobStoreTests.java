package io.mybella.chassis.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderBlobStoreTests {

  @TempDir Path folder;
  private BlobStore blobs;

  @BeforeEach
  void open() {
    blobs = new FolderBlobStore(folder.resolve("blobs"));
  }

  @Test
  void anObjectComesBackAsItWasStoredAndIsReplacedAsAWhole() {
    blobs.put("a/b.png", new byte[] {1, 2, 3});
    blobs.put("a/b.png", new byte[] {4});
    assertThat(blobs.get("a/b.png")).hasValue(new byte[] {4});
  }

  @Test
  void aMissingObjectIsEmptyAndMayBeDeleted() {
    blobs.delete("a/none");
    assertThat(blobs.get("a/none")).isEmpty();
  }

  @Test
  void aPrefixRemovesWhatIsBelowItAndNothingBeside() throws IOException {
    blobs.put("a/1/x", new byte[1]);
    blobs.put("a/1/y/z", new byte[1]);
    blobs.put("a/10/x", new byte[1]);
    assertThat(blobs.deleteAll("a/1/")).isEqualTo(2);
    assertThat(blobs.deleteAll("a/1/")).isZero();
    assertThat(blobs.get("a/10/x")).isPresent();
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "a/../x", "/etc/x", "a//x", "A", "a b", "", "a/.hidden", "a\u0000"})
  void aKeyThatNoServiceGeneratesIsRefused(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> blobs.put(key, new byte[1]));
  }
}
