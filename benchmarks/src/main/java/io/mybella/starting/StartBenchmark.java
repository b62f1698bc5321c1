package io.mybella.starting;

import io.mybella.figures.Figures;
import io.mybella.figures.ProcessFigures;
import io.mybella.starting.TemporaryPlatform.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a start of the platform takes, database and broker included, from start caches and
 * without them, in turns: {@code ./mybella up --detach} until it is ready, with the data of the
 * start before. Needs Linux, which tells what processes took, and a machine with nothing else to
 * do.
 */
public final class StartBenchmark {

  private StartBenchmark() {}

  /**
   * Has the caches made where there are none, then measures; medians of the rounds.
   *
   * @param rounds how many, at least 1
   * @param json where the figures are written, too; null for nowhere
   * @throws IllegalStateException where the system does not tell
   */
  public static void rounds(int rounds, @Nullable Path json)
      throws IOException, InterruptedException {
    if (!ProcessFigures.areTold()) {
      throw new IllegalStateException("Only Linux tells what processes took");
    }
    List<Start> with = new ArrayList<>();
    List<Start> without = new ArrayList<>();
    try (var platform = new TemporaryPlatform()) {
      System.err.println("a first start, for the data …");
      if (platform.start(true).wantsCaches()) {
        System.err.println("start caches are made once the machine is idle …");
        platform.awaitCaches();
      }
      platform.end();
      for (int round = 1; round <= rounds; round++) {
        System.err.printf("round %d of %d …%n", round, rounds);
        with.add(startAndEnd(platform, true));
        without.add(startAndEnd(platform, false));
      }
    }
    Figures.write(json, table(with, without));
  }

  private static Start startAndEnd(TemporaryPlatform platform, boolean caches)
      throws IOException, InterruptedException {
    Start start = platform.start(caches);
    platform.end();
    if (caches && start.wantsCaches()) {
      throw new IllegalStateException("Not every part has a start cache");
    }
    System.err.printf(
        "  %s caches: %.1f s, %.1f s of processor%n",
        caches ? "with" : "without", start.seconds(), start.processorSeconds());
    return start;
  }

  private static List<Map<String, Object>> table(List<Start> with, List<Start> without) {
    double ratio =
        Figures.median(
            IntStream.range(0, with.size())
                .mapToObj(i -> with.get(i).processorSeconds() / without.get(i).processorSeconds())
                .toList());
    System.out.printf("%-24s %10s %14s%n", "", "seconds", "of processor");
    List<Map<String, Object>> rows =
        List.of(
            row("start with caches", with),
            row("start without caches", without),
            Map.of("what", "processor seconds with to without caches", "ratio", ratio));
    System.out.printf("processor seconds with to without caches: %.2f%n", ratio);
    return rows;
  }

  private static Map<String, Object> row(String what, List<Start> starts) {
    double seconds = Figures.median(starts.stream().map(Start::seconds).toList());
    double processor = Figures.median(starts.stream().map(Start::processorSeconds).toList());
    System.out.printf("%-24s %10.1f %14.1f%n", what, seconds, processor);
    return Map.of("what", what, "seconds", seconds, "processor_seconds", processor);
  }
}
