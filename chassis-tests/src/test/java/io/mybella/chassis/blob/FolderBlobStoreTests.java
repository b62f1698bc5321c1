package io.mybella.chassis.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTests extends BlobStoreContract {

  @TempDir Path folder;

  @Override
  BlobStore blobs() {
    return new FolderBlobStore(folder.resolve("blobs"));
  }

  @Test
  void nothingIsLeftBesideTheObjects() throws IOException {
    BlobStore blobs = blobs();
    blobs.put("a/b", new byte[] {1});
    blobs.put("a/b", new byte[] {2});
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void aStoreThatCannotWriteSaysSoAndLeavesNothing() throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    Files.writeString(folder.resolve("blobs/a"), "a file where a folder is needed");
    BlobStore blobs = blobs();
    assertThatThrownBy(() -> blobs.put("a/b", new byte[1])).isInstanceOf(BlobStoreException.class);
  }
}
