package io.mybella.local;

import io.mybella.local.settings.Home;
import io.mybella.local.supervisor.RunRecord;
import io.mybella.local.supervisor.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a stack in a folder. The operating system gives it up when its holder dies, so
 * it never has to be cleaned up.
 */
final class HomeLock implements AutoCloseable {

  /** The name under which the supervisor itself is recorded. */
  static final String SUPERVISOR = "supervisor";

  private final Home home;
  private final FileChannel channel;

  private HomeLock(Home home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /**
   * Takes it for a supervisor, and writes down who that is.
   *
   * @throws StartFailure when another one has it
   */
  static HomeLock take(Home home) throws IOException {
    HomeLock lock = tryTake(home);
    if (lock == null) {
      throw new StartFailure(
          RunRecord.read(home.run(), SUPERVISOR)
              .filter(record -> record.living().isPresent())
              .map(
                  record ->
                      "The platform runs already in %s (process %d).%n  See it with: ./mybella status    End it with: ./mybella down"
                          .formatted(home.folder(), record.pid()))
              .orElseGet(
                  () ->
                      "Another command starts, ends or resets the platform in %s right now: try again in a moment."
                          .formatted(home.folder())));
    }
    RunRecord.of(SUPERVISOR, ProcessHandle.current().pid()).write(home.run());
    return lock;
  }

  /** Takes it to change what lies in the folder; null when somebody has it. */
  static @Nullable HomeLock tryTake(Home home) throws IOException {
    Files.createDirectories(home.run());
    FileChannel channel =
        FileChannel.open(file(home), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      return null;
    }
    return new HomeLock(home, channel);
  }

  /** The file that is locked. It is never deleted: a second one would be a second lock. */
  static Path file(Home home) {
    return home.run().resolve("supervisor.lock");
  }

  Home home() {
    return home;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    }
  }

  @Override
  public void close() {
    RunRecord.remove(home.run(), SUPERVISOR);
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot release " + home.run(), e);
    }
  }
}
