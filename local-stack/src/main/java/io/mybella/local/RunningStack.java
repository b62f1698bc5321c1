package io.mybella.local;

import io.mybella.local.settings.Home;
import io.mybella.local.supervisor.RunRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A stack seen from another process: what runs of it, and how to end it. */
public final class RunningStack {

  /** Longer than an orderly end of every part takes. */
  private static final Duration END_LIMIT = Duration.ofSeconds(90);

  private final Home home;

  /**
   * Looks at the stack of a folder.
   *
   * @param home the folder
   */
  public RunningStack(Home home) {
    this.home = home;
  }

  /** The process that supervises the stack, if it lives. */
  public Optional<ProcessHandle> supervisor() {
    return RunRecord.read(home.run(), HomeLock.SUPERVISOR).flatMap(RunRecord::living);
  }

  /** What is recorded about the parts, in the order of their starts. */
  public List<RunRecord> parts() {
    return LocalPlatform.partNames().stream()
        .flatMap(name -> RunRecord.read(home.run(), name).stream())
        .toList();
  }

  /** Whether start caches are being made beside it. */
  public boolean makesCaches() {
    return Stream.of(
            RunRecord.read(home.training().run(), HomeLock.SUPERVISOR),
            RunRecord.read(home.run(), StartCaches.RECORD))
        .flatMap(Optional::stream)
        .anyMatch(record -> record.living().isPresent());
  }

  /**
   * Ends the stack and whatever an earlier one left behind.
   *
   * @param progress gets a line when something is ended by force
   * @return whether anything ran
   */
  public boolean end(Consumer<String> progress) {
    Optional<ProcessHandle> supervisor = supervisor();
    boolean ran = supervisor.isPresent() || parts().stream().anyMatch(p -> p.living().isPresent());
    supervisor.ifPresent(
        process -> {
          process.destroy();
          try {
            process.onExit().get(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (ExecutionException e) {
            throw new IllegalStateException(e);
          } catch (TimeoutException e) {
            progress.accept(
                "  the supervisor (process %d) does not end; killing it".formatted(process.pid()));
            process.destroyForcibly();
          }
        });
    Leftovers.end(home, progress);
    RunRecord.remove(home.run(), HomeLock.SUPERVISOR);
    return ran;
  }
}
