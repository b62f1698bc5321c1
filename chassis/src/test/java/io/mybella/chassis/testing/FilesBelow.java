package io.mybella.chassis.testing;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Looks into a folder that others are writing to and clearing meanwhile. */
public final class FilesBelow {

  private FilesBelow() {}

  /**
   * The regular files of a folder and all folders in it, sorted. A file that goes while they are
   * listed is not there: {@link Files#walk} would fail on it. No folder, no files.
   */
  public static List<Path> folder(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(folder, new Collecting(found));
    return found.stream().sorted().toList();
  }

  private static final class Collecting extends SimpleFileVisitor<Path> {

    private final List<Path> found;

    Collecting(List<Path> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        found.add(file);
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

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
      return failed == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failed);
    }
  }
}
