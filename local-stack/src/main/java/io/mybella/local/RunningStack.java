package io.mybella.local;

import io.mybella.local.parts.Folders;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Secrets;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.RunRecord;
import io.mybella.operator.PlatformAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final long KILL_SECONDS = 20;
  private static final long POLL_MILLIS = 50;

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

  /**
   * Where its services answer whoever runs it, past what may stand before them, and the token that
   * they ask for.
   *
   * @param settings the settings that it was started with
   * @throws IllegalStateException when it does not run
   */
  public PlatformAccess access(Settings settings) {
    if (supervisor().isEmpty()) {
      throw new IllegalStateException("The platform does not run. Start it with: ./mybella up");
    }
    return new PlatformAccess(
        Instance.first(Service.GATEWAY, settings).url(),
        Instance.first(Service.PERSONA, settings).url(),
        Instance.first(Service.MEMORY, settings).url(),
        Instance.first(Service.VOICE, settings).url(),
        operatorToken(settings, Secrets.of(home.secrets())));
  }

  /** The one that is set, else the one made up. */
  static String operatorToken(Settings settings, Secrets secrets) {
    String given = settings.forServices().getOrDefault(PlatformAccess.TOKEN, "");
    return given.isBlank() ? secrets.password("operator_token") : given;
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
   * Ends the stack and whatever an earlier one left behind. Nobody can start it meanwhile.
   *
   * @param progress gets a line when something is ended by force
   * @return whether anything ran
   */
  public boolean end(Consumer<String> progress) {
    return endAndThen(progress, () -> {});
  }

  /**
   * Ends the stack, whatever an earlier one left behind, and deletes all data. Nobody can start it
   * meanwhile.
   *
   * @param progress gets a line when something is ended by force
   */
  public void reset(Consumer<String> progress) {
    endAndThen(progress, this::deleteData);
  }

  /** As {@link #end}, and does something more before anybody can start it again. */
  boolean endAndThen(Consumer<String> progress, Runnable then) {
    if (!Files.isDirectory(home.folder())) {
      return false;
    }
    try {
      boolean ran = parts().stream().anyMatch(part -> part.living().isPresent());
      HomeLock lock = HomeLock.tryTake(home);
      long deadline = System.nanoTime() + END_LIMIT.toNanos();
      while (lock == null) {
        ran = true;
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "Another command starts, ends or resets the platform in " + home.folder());
        }
        // Without one, whoever holds the folder has not said yet who it is, or ends it as well.
        if (supervisor().isEmpty()) {
          Thread.sleep(POLL_MILLIS);
        }
        supervisor().ifPresent(process -> end(process, progress));
        lock = HomeLock.tryTake(home);
      }
      try (HomeLock held = lock) {
        Leftovers.end(held.home(), progress);
        then.run();
      }
      return ran;
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + home.folder() + " cannot be used", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the platform was ended", e);
    }
  }

  private static void end(ProcessHandle supervisor, Consumer<String> progress) {
    supervisor.destroy();
    try {
      supervisor.onExit().get(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      progress.accept(
          "  the supervisor (process %d) does not end; killing it".formatted(supervisor.pid()));
      supervisor.destroyForcibly();
      supervisor.onExit().completeOnTimeout(supervisor, KILL_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  /** Only what the platform itself put there: the folder is a setting and might be any folder. */
  private void deleteData() {
    try {
      Folders.deleteMade(home.postgres());
      for (Path folder :
          List.of(
              home.kafka(), home.blobs(), home.scratch(), home.logs(), home.training().folder())) {
        Folders.delete(folder);
      }
      try (var records = Files.newDirectoryStream(home.run())) {
        for (Path record : records) {
          if (!record.equals(HomeLock.file(home))) {
            Files.delete(record);
          }
        }
      }
      Files.deleteIfExists(home.secrets());
    } catch (IOException e) {
      throw new UncheckedIOException("Data in " + home.folder() + " cannot be deleted", e);
    }
  }
}
