package io.mybella.chassis.blob;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Objects as files below one folder: for a platform that runs on one machine. */
final class FolderBlobStore implements BlobStore {

  private final Path root;

  FolderBlobStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public void put(String key, byte[] content) {
    Path file = file(key);
    try {
      try {
        write(file, content);
      } catch (NoSuchFileException gone) {
        // Somebody who removed the whole folder meanwhile took the unfinished file along.
        write(file, content);
      }
    } catch (IOException failed) {
      throw new BlobStoreException("Cannot store " + key, failed);
    }
  }

  /** A reader sees the old object or the new one, never a part; a crash leaves no half file. */
  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(file.getParent(), ".part-", "");
    try {
      Files.write(part, content);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public Optional<byte[]> get(String key) {
    try {
      return Optional.of(Files.readAllBytes(file(key)));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException failed) {
      throw new BlobStoreException("Cannot read " + key, failed);
    }
  }

  @Override
  public void delete(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException failed) {
      throw new BlobStoreException("Cannot delete " + key, failed);
    }
  }

  @Override
  public int deleteAll(String prefix) {
    Path folder = root.resolve(BlobKeys.checkedPrefix(prefix));
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try {
      var deletion = new Deletion();
      Files.walkFileTree(folder, deletion);
      return deletion.found;
    } catch (IOException failed) {
      throw new BlobStoreException("Cannot delete " + prefix, failed);
    }
  }

  /** Deletes all files of a folder; somebody else may delete some of them at the same time. */
  private static final class Deletion extends SimpleFileVisitor<Path> {

    private int found;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isRegularFile()) {
        Files.deleteIfExists(file);
        found++;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
      if (failed instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failed;
    }
  }

  private Path file(String key) {
    return root.resolve(BlobKeys.checked(key));
  }
}
