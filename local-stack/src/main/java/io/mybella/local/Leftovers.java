package io.mybella.local;

import io.mybella.local.parts.Folders;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Home;
import io.mybella.local.supervisor.RunRecord;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Processes that outlived a supervisor which was killed. */
final class Leftovers {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Leftovers() {}

  /** Ends all that still runs of a stack whose supervisor is gone. */
  static void end(Home home, Consumer<String> progress) {
    List<RunRecord> records =
        RunRecord.readAll(home.run()).stream()
            .filter(record -> !record.name().equals(HomeLock.SUPERVISOR))
            .toList();
    // The database is told in its own way, below, when those are gone who are connected to it.
    List<CompletableFuture<ProcessHandle>> ends =
        records.stream()
            .filter(record -> !record.name().equals(LocalPlatform.POSTGRES))
            .flatMap(record -> record.living().stream())
            .map(
                process -> {
                  progress.accept(
                      "  ending process %d, left behind by an earlier run"
                          .formatted(process.pid()));
                  process.destroy();
                  return process
                      .onExit()
                      .completeOnTimeout(process, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                      .thenApply(
                          ended -> {
                            ended.destroyForcibly();
                            return ended;
                          });
                })
            .toList();
    try {
      CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
          .get(2 * LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Processes of an earlier run cannot be ended", e);
    }
    PostgresPart.endLeftover(home.postgres());
    records.forEach(record -> RunRecord.remove(home.run(), record.name()));
    Home training = home.training();
    if (Files.isDirectory(training.folder())) {
      end(training, progress);
      Folders.delete(training.folder());
    }
  }
}
