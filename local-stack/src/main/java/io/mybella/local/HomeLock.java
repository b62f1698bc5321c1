package io.mybella.local;

import io.mybella.local.settings.Home;
import io.mybella.local.supervisor.RunRecord;
import io.mybella.local.supervisor.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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

  static HomeLock take(Home home) throws IOException {
    FileChannel channel =
        FileChannel.open(
            home.run().resolve("supervisor.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      String who =
          RunRecord.read(home.run(), SUPERVISOR)
              .map(record -> " (process " + record.pid() + ")")
              .orElse("");
      throw new StartFailure(
          "The platform runs already in "
              + home.folder()
              + who
              + ".\n  See it with: ./mybella status    End it with: ./mybella down");
    }
    RunRecord.of(SUPERVISOR, ProcessHandle.current().pid()).write(home.run());
    return new HomeLock(home, channel);
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
