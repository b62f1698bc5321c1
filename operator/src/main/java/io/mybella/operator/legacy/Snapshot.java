package io.mybella.operator.legacy;

import io.mybella.operator.legacy.UnreadableFile.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an SQLite file as it was at one moment, in a folder that only this user can enter and
 * that is deleted in the end.
 *
 * <p>Why a copy: reading the file itself in the way of SQLite would leave a {@code -shm} file
 * beside one with a write-ahead log, or would not see that log. While a file without such a log is
 * copied, the lock that every reader of SQLite holds is held, so that nobody writes meanwhile; one
 * with a log is copied again when a checkpoint came in between. What a program that crashed left
 * half written is in the copy, with its journal, and SQLite rolls it back there.
 */
final class Snapshot implements AutoCloseable {

  private static final String PREFIX = "mybella-import-";
  private static final String IN_USE = "in-use";

  // What SQLite locks: https://sqlite.org/src/file/src/os.h (PENDING_BYTE and what follows it)
  private static final long SHARED_FIRST = 0x4000_0002L;
  private static final long SHARED_SIZE = 510;

  private static final int WAL_HEADER = 32;
  private static final int WRITE_VERSION = 18;
  private static final int ATTEMPTS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 50;

  private final Path folder;
  private final FileChannel guard;
  private final Thread atExit;

  private Snapshot(Path folder) throws IOException {
    this.folder = folder;
    this.guard =
        FileChannel.open(
            folder.resolve(IN_USE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    guard.lock();
    // Ctrl-C must not leave somebody's messages behind.
    this.atExit = new Thread(() -> delete(folder), "delete-snapshot");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Copies a file.
   *
   * @param file an SQLite file
   * @param scratch where the copy's folder is made; it takes as much room as the file, and half of
   *     that again
   * @throws UnreadableFile when it is no such file, or a program is writing to it all the time
   */
  static Snapshot of(Path file, Path scratch) throws UnreadableFile, IOException {
    Path real = existing(file);
    Files.createDirectories(scratch);
    sweep(scratch);
    Snapshot snapshot = new Snapshot(Files.createTempDirectory(scratch, PREFIX, ownerOnly()));
    try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
      FileHeader.check(file, beginning(channel, FileHeader.LENGTH));
      snapshot.take(file, real, channel);
      return snapshot;
    } catch (UnreadableFile | IOException | RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  /** The copy. */
  Path database() {
    return folder.resolve("old.db");
  }

  /** A file beside the copy, for whatever is worked out about it. */
  Path workbench() {
    return folder.resolve("work.db");
  }

  /** Where SQLite may put what it sorts. */
  Path folder() {
    return folder;
  }

  private static Path existing(Path file) throws UnreadableFile {
    try {
      Path real = file.toRealPath();
      if (Files.isRegularFile(real) && Files.isReadable(real)) {
        return real;
      }
      throw new UnreadableFile(
          Kind.MISSING,
          file + (Files.isDirectory(real) ? " is a folder" : " cannot be read by this user"));
    } catch (NoSuchFileException e) {
      throw new UnreadableFile(Kind.MISSING, file + " is not there", e);
    } catch (IOException e) {
      throw new UnreadableFile(Kind.MISSING, file + " cannot be read", e);
    }
  }

  private void take(Path file, Path real, FileChannel channel) throws UnreadableFile, IOException {
    try (FileLock lock = lockShared(channel)) {
      if (lock == null) {
        throw new UnreadableFile(
            Kind.LOCKED,
            file + " is locked by another program: end the old MyBella, then try again");
      }
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (copy(real, channel)) {
          return;
        }
      }
    }
    throw new UnreadableFile(
        Kind.LOCKED, file + " is written to all the time: end the old MyBella, then try again");
  }

  /** The lock of a reader; null when somebody holds that of a writer for seconds. */
  private static @Nullable FileLock lockShared(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        FileLock lock = channel.tryLock(SHARED_FIRST, SHARED_SIZE, true);
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException ofThisProgram) {
        // Somebody else in this program; to the file it is the same.
      }
      if (System.nanoTime() > deadline) {
        return null;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  /**
   * Copies the file and what stands beside it.
   *
   * @return whether it all is of one moment
   */
  private boolean copy(Path real, FileChannel channel) throws IOException {
    Path log = beside(real, "-wal");
    State before = State.of(real, log, channel);
    copyLocked(channel, database());
    copy(beside(real, "-journal"), beside(database(), "-journal"));
    if (before.hasLog()) {
      // More may have come to its end meanwhile: SQLite reads as far as its last whole commit.
      copy(log, beside(database(), "-wal"));
    }
    return before.equals(State.of(real, log, channel));
  }

  /** Through the channel that holds the lock: closing another one would end it (POSIX). */
  private static void copyLocked(FileChannel from, Path to) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long size = from.size();
      long copied = 0;
      while (copied < size) {
        long more = from.transferTo(copied, size - copied, out);
        if (more <= 0) {
          return;
        }
        copied += more;
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.deleteIfExists(to);
    try (InputStream in = Files.newInputStream(from)) {
      Files.copy(in, to);
    } catch (NoSuchFileException nothingThere) {
      // A log or a journal, which need not be.
      Files.deleteIfExists(to);
    }
  }

  private static Path beside(Path database, String suffix) {
    return database.resolveSibling(database.getFileName() + suffix);
  }

  private static byte[] beginning(FileChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // Reads may be short.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /**
   * What changes when a checkpoint moves the log into the file, or a writer begins the log anew.
   * That the log grows is no change: what was there stays.
   */
  private record State(long size, long modified, List<Byte> header, List<Byte> logHeader) {

    static State of(Path real, Path log, FileChannel channel) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      byte[] header = Snapshot.beginning(channel, 100);
      return new State(
          attributes.size(),
          attributes.lastModifiedTime().toMillis(),
          list(header),
          header[WRITE_VERSION] == 2 ? logHeader(log) : List.of());
    }

    private static List<Byte> logHeader(Path log) throws IOException {
      try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
        return list(Snapshot.beginning(channel, WAL_HEADER));
      } catch (NoSuchFileException none) {
        return List.of();
      }
    }

    private static List<Byte> list(byte[] bytes) {
      Byte[] each = new Byte[bytes.length];
      Arrays.setAll(each, i -> bytes[i]);
      return List.of(each);
    }

    boolean hasLog() {
      return !logHeader.isEmpty();
    }
  }

  /** Deletes what runs left behind that were killed: nobody holds their lock any more. */
  private static void sweep(Path scratch) throws IOException {
    try (var folders = Files.newDirectoryStream(scratch, PREFIX + "*")) {
      for (Path left : folders) {
        if (!isInUse(left)) {
          delete(left);
        }
      }
    }
  }

  private static boolean isInUse(Path left) throws IOException {
    try (FileChannel guard = FileChannel.open(left.resolve(IN_USE), StandardOpenOption.WRITE);
        FileLock lock = guard.tryLock()) {
      return lock == null;
    } catch (NoSuchFileException justMade) {
      return true;
    } catch (OverlappingFileLockException ofThisProgram) {
      return true;
    } catch (java.nio.file.AccessDeniedException ofSomebodyElse) {
      return true;
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException gone) {
      // Somebody else deleted it.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + folder + ": delete it by hand", e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public void close() throws IOException {
    guard.close();
    delete(folder);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      // The hook finds nothing left to do.
    }
  }
}
