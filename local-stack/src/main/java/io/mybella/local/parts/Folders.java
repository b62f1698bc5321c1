package io.mybella.local.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Creates and deletes whole folders. */
public final class Folders {

  private static final String UNFINISHED = ".unfinished-";

  private Folders() {}

  /**
   * Creates a temporary folder, and deletes those of the same kind whose processes are gone: a test
   * run that was killed cleans up nothing.
   */
  static Path temporary(String kind) {
    try {
      Path folder = Files.createTempDirectory(kind + "-" + ProcessHandle.current().pid() + "-");
      Pattern name = Pattern.compile(Pattern.quote(kind) + "-(\\d+)-.*");
      try (var siblings = Files.newDirectoryStream(folder.getParent(), kind + "-*")) {
        for (Path sibling : siblings) {
          Matcher owner = name.matcher(String.valueOf(sibling.getFileName()));
          if (owner.matches()
              && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()
              && Files.getOwner(sibling).equals(Files.getOwner(folder))) {
            sweep(sibling);
          }
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create a temporary folder", e);
    }
  }

  /** Fills a new folder. */
  @FunctionalInterface
  public interface Maker {

    /** Creates the folder and all that belongs into it. */
    void make(Path fresh) throws IOException;
  }

  /**
   * Makes a folder once, however many processes want it: whoever is second waits for the first, and
   * an attempt that was cut off, be it by a power cut, leaves nothing that looks like the folder.
   *
   * @param folder what is wanted; nothing is done when it exists
   * @param maker fills it
   */
  public static void makeOnce(Path folder, Maker maker) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = parent(folder);
    Files.createDirectories(parent);
    Path locked = folder.resolveSibling(folder.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(locked, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.isDirectory(folder)) {
        sweepAttempts(folder);
        // A name of its own: what was started for an earlier attempt may still be writing.
        Path fresh = folder.resolveSibling(folder.getFileName() + UNFINISHED + UUID.randomUUID());
        try {
          maker.make(fresh);
          writeToDisk(fresh);
          Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
          sweep(fresh);
          throw e;
        }
        writeToDisk(parent, 0);
      }
    }
    // Whoever still waits for the lock, or takes a new one, finds the folder.
    sweep(locked);
  }

  /** Deletes a folder that was made once, with what attempts at it have left. */
  public static void deleteMade(Path folder) throws IOException {
    delete(folder);
    if (Files.isDirectory(parent(folder))) {
      sweepAttempts(folder);
    }
    Files.deleteIfExists(folder.resolveSibling(folder.getFileName() + ".lock"));
  }

  private static Path parent(Path folder) {
    return folder.toAbsolutePath().resolveSibling("");
  }

  private static void sweepAttempts(Path folder) throws IOException {
    try (var attempts =
        Files.newDirectoryStream(parent(folder), folder.getFileName() + UNFINISHED + "*")) {
      attempts.forEach(Folders::sweep);
    }
  }

  /** Waits until all that a folder holds is on the disk. */
  private static void writeToDisk(Path folder) throws IOException {
    writeToDisk(folder, Integer.MAX_VALUE);
  }

  private static void writeToDisk(Path folder, int depth) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder, depth)) {
      all = files.filter(file -> !Files.isSymbolicLink(file)).toList();
    }
    for (Path file : all) {
      // Windows writes a folder's entries by itself, and wants a file to be open for writing.
      if (!PostgresBinaries.WINDOWS || Files.isRegularFile(file)) {
        try (FileChannel channel =
            FileChannel.open(
                file,
                PostgresBinaries.WINDOWS ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    }
  }

  private static void sweep(Path folder) {
    try {
      delete(folder);
    } catch (UncheckedIOException stillInUse) {
      // What used it is just ending; the next run will find it again.
    }
  }

  /**
   * Makes a folder that is empty, whatever was in it.
   *
   * @param folder what to make
   * @throws UncheckedIOException when that cannot be done
   */
  public static void makeEmpty(Path folder) {
    delete(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create " + folder, e);
    }
  }

  /**
   * Deletes a folder with all that is in it; a folder that does not exist is no error. Symbolic
   * links are deleted, not followed.
   *
   * @param folder what to delete
   * @throws UncheckedIOException when something cannot be deleted
   */
  public static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + folder, e);
    }
  }
}
