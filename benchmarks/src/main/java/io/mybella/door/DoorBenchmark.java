package io.mybella.door;

import io.mybella.figures.Figures;
import io.mybella.load.Load;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Requests;
import io.mybella.load.Session;
import io.mybella.load.Warmth;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures what the gateway takes in a platform that {@code ./mybella up} runs on this machine:
 * lists of personas, switches and messages, of sixteen users with a connection each, beside what
 * persona-service answers at most, its own liveness, in turns. The load generator shares the
 * processors; what counts are the ratios of one run.
 */
public final class DoorBenchmark {

  private static final int USERS = 16;
  private static final long FIRST_BUILT_IN = 1;
  private static final Duration FIRST = Duration.ofMinutes(1);

  /** What is compared with everything else. */
  private static final String LIVENESS = "liveness of persona-service";

  private static final String AVAILABLE = "available";
  private static final String SWITCH = "switch";
  private static final String APPEND = "append";

  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final MeasuredPlatform platform;

  private DoorBenchmark(MeasuredPlatform platform) throws IOException, InterruptedException {
    this.platform = platform;
    int gateway = platform.port(Setting.MYBELLA_GATEWAY_PORT);
    int management = platform.port(Setting.MYBELLA_PERSONA_MANAGEMENT_PORT);
    List<String> keys = platform.register(USERS).stream().map(Session::key).toList();
    Load.Caller alive = Requests.always("GET /actuator/health/liveness", "", null);
    kinds.put(LIVENESS, new Kind(management, 200, all(keys, _ -> alive)));
    kinds.put(
        AVAILABLE,
        new Kind(
            gateway,
            200,
            all(keys, key -> Requests.always("GET /api/personas/available", key, null))));
    kinds.put(SWITCH, new Kind(gateway, 200, all(keys, Requests::switches)));
    kinds.put(
        APPEND, new Kind(gateway, 201, all(keys, key -> Requests.messages(FIRST_BUILT_IN, key))));
  }

  private static List<Load.Caller> all(List<String> keys, Function<String, Load.Caller> caller) {
    return keys.stream().map(caller).toList();
  }

  /**
   * Each kind until it is warm, then in turns with the liveness; medians of the rounds.
   *
   * @param rounds how many, at least 1
   * @param json where the figures are written, too; null for nowhere
   */
  public static void rounds(int rounds, @Nullable Path json) throws Exception {
    var benchmark = new DoorBenchmark(MeasuredPlatform.ofSettings());
    for (Map.Entry<String, Kind> each : benchmark.kinds.entrySet()) {
      Warmth.warm(each.getKey(), each.getValue()::load);
    }
    Figures.write(json, benchmark.inTurns(rounds));
  }

  private List<Map<String, Object>> inTurns(int rounds)
      throws InterruptedException, ExecutionException {
    Map<String, List<Load>> loads = new LinkedHashMap<>();
    List<Long> backlogs = new ArrayList<>();
    List<Long> drained = new ArrayList<>();
    try (Backlog backlog = new Backlog(platform.port(Setting.MYBELLA_KAFKA_PORT))) {
      for (int round = 1; round <= rounds; round++) {
        System.err.printf("round %d of %d …%n", round, rounds);
        for (Map.Entry<String, Kind> each : kinds.entrySet()) {
          backlog.drained();
          loads
              .computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
              .add(each.getValue().load(Warmth.STEP));
          if (each.getKey().equals(SWITCH)) {
            backlogs.add(backlog.size());
            drained.add(backlog.drained().toMillis());
          }
        }
      }
    }
    List<Map<String, Object>> rows = table(loads);
    System.out.printf(
        "%nAfter %d s of switches memory-service had %,.0f to take, and had taken them %,.0f ms"
            + " later.%n",
        Warmth.STEP.toSeconds(), Figures.median(backlogs), Figures.median(drained));
    rows.add(
        Map.of(
            "what", "switches left to memory-service",
            "events", Figures.median(backlogs),
            "drained_ms", Figures.median(drained)));
    return rows;
  }

  private static List<Map<String, Object>> table(Map<String, List<Load>> loads) {
    List<Load> liveness = loads.getOrDefault(LIVENESS, List.of());
    List<Map<String, Object>> rows = new ArrayList<>();
    System.out.printf("%-30s %10s %10s %10s %8s%n", "", "per second", "p50 ms", "p99 ms", "ratio");
    loads.forEach(
        (what, each) -> {
          double rate = Figures.median(each.stream().map(Load::perSecond).toList());
          double p50 = Figures.median(each.stream().map(Load::p50).toList());
          double p99 = Figures.median(each.stream().map(Load::p99).toList());
          double ratio =
              Figures.median(
                  IntStream.range(0, each.size())
                      .mapToObj(i -> each.get(i).perSecond() / liveness.get(i).perSecond())
                      .toList());
          System.out.printf("%-30s %,10.0f %10.2f %10.2f %8.3f%n", what, rate, p50, p99, ratio);
          rows.add(
              Map.of(
                  "what", what, "per_second", rate, "p50_ms", p50, "p99_ms", p99, "ratio", ratio));
        });
    return rows;
  }

  /**
   * Lists of personas from now on until it does not get faster: begun right after a start, how
   * quickly the platform warms.
   *
   * @param json where the figures are written, too; null for nowhere
   */
  public static void warmUp(@Nullable Path json) throws Exception {
    Kind available =
        Objects.requireNonNull(
            new DoorBenchmark(MeasuredPlatform.ofSettings()).kinds.get(AVAILABLE));
    Warmth warmth = Warmth.warm(AVAILABLE, FIRST, available::load);
    List<Double> rates = warmth.rates();
    double first =
        rates.stream()
            .limit(FIRST.dividedBy(Warmth.STEP))
            .mapToDouble(each -> each)
            .average()
            .orElse(0);
    System.out.printf("The first 60 s: %.2f x of the warm figure.%n", first / warmth.rate());
    Figures.write(
        json,
        List.of(
            Map.of(
                "what",
                "warm-up of available",
                "per_second",
                rates,
                "ratio",
                first / warmth.rate())));
  }
}
