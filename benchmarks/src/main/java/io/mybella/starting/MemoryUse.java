package io.mybella.starting;

import io.mybella.figures.Figures;
import io.mybella.figures.ProcessFigures;
import io.mybella.load.MeasuredPlatform;
import io.mybella.local.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the memory of the services of a platform that runs, without database and broker, once it
 * does not change any more. Needs Linux, which tells what processes share: each page counts once.
 */
public final class MemoryUse {

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int SETTLED = 7;
  private static final int MOST = 60;
  private static final double SAME = 1.01;

  /**
   * Memory in MiB.
   *
   * @param resident with a part of what others have as well
   * @param own of that, what no file holds: the system cannot drop it and read it again
   */
  private record Use(String service, double resident, double own) {}

  private MemoryUse() {}

  /**
   * Waits for half a minute without a change, five minutes at most, and measures.
   *
   * @param json where the figures are written, too; null for nowhere
   * @throws IllegalStateException where the system does not tell, or when the platform does not run
   */
  public static void measure(@Nullable Path json) throws IOException, InterruptedException {
    if (!ProcessFigures.areTold()) {
      throw new IllegalStateException("Only Linux tells what processes share");
    }
    List<Use> uses = settled(MeasuredPlatform.ofSettings());
    List<Map<String, Object>> rows = new ArrayList<>();
    System.out.printf("%-18s %10s %10s%n", "MiB", "resident", "its own");
    for (Use each : uses) {
      System.out.printf("%-18s %10.0f %10.0f%n", each.service(), each.resident(), each.own());
      rows.add(
          Map.of("what", each.service(), "resident_mib", each.resident(), "own_mib", each.own()));
    }
    Figures.write(json, rows);
  }

  private static List<Use> settled(MeasuredPlatform platform)
      throws IOException, InterruptedException {
    Deque<Double> last = new ArrayDeque<>();
    List<Use> uses = List.of();
    for (int look = 0; look < MOST && !isSettled(last); look++) {
      if (look > 0) {
        Thread.sleep(PAUSE);
      }
      uses = uses(platform);
      last.addLast(uses.getLast().resident());
      if (last.size() > SETTLED) {
        last.removeFirst();
      }
    }
    return uses;
  }

  private static boolean isSettled(Deque<Double> last) {
    return last.size() == SETTLED && Collections.max(last) < SAME * Collections.min(last);
  }

  /** Those of each service, then of all together. */
  private static List<Use> uses(MeasuredPlatform platform) throws IOException {
    List<Use> uses = new ArrayList<>();
    for (Service service : Service.values()) {
      ProcessFigures process = ProcessFigures.of(platform.pid(service.module()));
      uses.add(new Use(service.module(), process.mebibytes("Pss"), process.mebibytes("Pss_Anon")));
    }
    uses.add(
        new Use(
            "all services",
            uses.stream().mapToDouble(Use::resident).sum(),
            uses.stream().mapToDouble(Use::own).sum()));
    return uses;
  }
}
