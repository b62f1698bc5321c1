package io.mybella.local;

import io.mybella.local.parts.ChildEnvironment;
import io.mybella.local.parts.Folders;
import io.mybella.local.parts.Leash;
import io.mybella.local.settings.Home;
import io.mybella.local.supervisor.RunRecord;
import io.mybella.local.supervisor.StartFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the caches that later starts profit from. A second platform is run for them, in a folder
 * and on ports of its own and at the lowest priority: nobody's data are touched, and what is
 * watched is a whole start with its first requests. Then each part's cache is assembled.
 *
 * <p>All its processes end with this one, and are recorded so that the next start ends what is
 * left.
 */
final class StartCaches implements AutoCloseable {

  /** The name under which the process that assembles a cache is recorded. */
  static final String RECORD = "start-cache";

  /**
   * Writing down what was watched takes seconds, and at the lowest priority it may take minutes.
   */
  static final Duration END_LIMIT = Duration.ofMinutes(5);

  private final LocalPlatform platform;
  private final Consumer<String> progress;
  private volatile boolean ended;
  private @Nullable Closeable running;

  StartCaches(LocalPlatform platform, Consumer<String> progress) {
    this.platform = platform;
    this.progress = progress;
  }

  /** Makes those that are missing; returns when that is done, or early once this is closed. */
  void make() {
    try {
      List<JavaProgram> programs = platform.withoutCache();
      if (programs.isEmpty()) {
        return;
      }
      long start = System.nanoTime();
      Home home = platform.home().training();
      Folders.delete(home.folder());
      Files.createDirectories(programs.getFirst().cache().file().getParent());
      watch();
      int made = 0;
      for (JavaProgram program : programs) {
        if (!ended && assemble(program)) {
          made++;
        }
      }
      Folders.delete(home.folder());
      if (!ended) {
        progress.accept(
            "Made %d of %d start caches in %.0f s; the next start is quicker."
                .formatted(made, programs.size(), (System.nanoTime() - start) / 1e9));
      }
    } catch (IOException | UncheckedIOException | StartFailure e) {
      tell(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Exception failure) {
    if (!ended) {
      progress.accept("The start caches cannot be made: " + failure.getMessage());
    }
  }

  private void watch() throws IOException, InterruptedException {
    LocalPlatform watched = platform.watched();
    hold(() -> watched.close(Duration.ZERO));
    try {
      watched.start();
      List<String> problems =
          Rehearsal.play(watched.baseUrl(), platform.hasSecondCompiler() ? Rehearsal.OFTEN : 0);
      Files.write(platform.home().log(RECORD), problems);
    } finally {
      watched.close(ended ? Duration.ZERO : END_LIMIT);
      hold(null);
    }
  }

  /** Makes one cache of what was watched; false when that cannot be done. */
  private boolean assemble(JavaProgram program) throws IOException, InterruptedException {
    StartCache cache = program.cache();
    Path arguments = platform.home().run().resolve(RECORD + ".args");
    List<String> command = Jvm.nice(program.command(arguments, cache.assemble()));
    ProcessBuilder builder =
        new ProcessBuilder(Leash.command("KILL", command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(platform.home().log(RECORD).toFile()));
    ChildEnvironment.choose(builder);
    Process process = builder.start();
    hold(process.getOutputStream());
    RunRecord.of(RECORD, process.pid()).write(platform.home().run());
    try {
      boolean made = process.waitFor() == 0;
      if (made) {
        cache.keep();
      } else {
        cache.discard();
      }
      return made;
    } finally {
      RunRecord.remove(platform.home().run(), RECORD);
      hold(null);
    }
  }

  /** Keeps what {@link #close} must end; ends it at once when that was called before. */
  private void hold(@Nullable Closeable work) throws IOException {
    synchronized (this) {
      running = work;
    }
    if (ended) {
      end();
    }
  }

  private void end() throws IOException {
    Closeable work;
    synchronized (this) {
      work = running;
    }
    if (work != null) {
      work.close();
    }
  }

  /** Ends whatever is being done for the caches. */
  @Override
  public void close() {
    ended = true;
    try {
      end();
    } catch (IOException brokenPipe) {
      // The process has ended already.
    }
  }
}
