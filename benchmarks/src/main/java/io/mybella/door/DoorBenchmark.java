package io.mybella.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.figures.Figures;
import io.mybella.local.LocalPlatform;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.memory.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures what the gateway takes in a platform that {@code ./mybella up} runs on this machine:
 * lists of personas, switches and messages, of sixteen users with a connection each, beside what
 * persona-service answers at most, its own liveness, in turns. The load generator shares the
 * processors; what counts are the ratios of one run.
 */
public final class DoorBenchmark {

  private static final int USERS = 16;
  private static final int BUILT_IN = 6;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration STEP = Duration.ofSeconds(5);

  /** What is compared with everything else. */
  private static final String LIVENESS = "liveness of persona-service";

  private static final String AVAILABLE = "available";
  private static final String SWITCH = "switch";
  private static final String APPEND = "append";

  /** One kind of request. */
  private record Kind(int port, int wanted, List<Supplier<byte[]>> callers) {
    Load load(Duration time) throws InterruptedException {
      return Load.of(port, wanted, time, callers);
    }
  }

  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final Settings settings;

  private DoorBenchmark(Settings settings) throws IOException, InterruptedException {
    this.settings = settings;
    int gateway = settings.number(Setting.MYBELLA_GATEWAY_PORT);
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      keys.add(Session.register("http://127.0.0.1:" + gateway).key());
    }
    int management = settings.number(Setting.MYBELLA_PERSONA_MANAGEMENT_PORT);
    byte[] alive = request("GET /actuator/health/liveness", "", null);
    kinds.put(LIVENESS, new Kind(management, 200, all(keys, _ -> () -> alive)));
    kinds.put(
        AVAILABLE,
        new Kind(gateway, 200, all(keys, key -> always("GET /api/personas/available", key, null))));
    kinds.put(SWITCH, new Kind(gateway, 200, all(keys, DoorBenchmark::switches)));
    kinds.put(APPEND, new Kind(gateway, 201, all(keys, DoorBenchmark::messages)));
  }

  /**
   * Each kind warm, then in turns with the liveness; medians of the rounds.
   *
   * @param rounds how many, at least 1
   * @param json where the figures are written, too; null for nowhere
   */
  public static void rounds(int rounds, @Nullable Path json) throws Exception {
    var benchmark = new DoorBenchmark(settings());
    for (Map.Entry<String, Kind> each : benchmark.kinds.entrySet()) {
      System.err.printf("warming %s …%n", each.getKey());
      each.getValue().load(WARM_UP);
    }
    Figures.write(json, benchmark.inTurns(rounds));
  }

  private List<Map<String, Object>> inTurns(int rounds)
      throws InterruptedException, ExecutionException {
    Map<String, List<Load>> loads = new LinkedHashMap<>();
    List<Long> backlogs = new ArrayList<>();
    List<Long> drained = new ArrayList<>();
    try (Backlog backlog = new Backlog(settings.number(Setting.MYBELLA_KAFKA_PORT))) {
      for (int round = 1; round <= rounds; round++) {
        System.err.printf("round %d of %d …%n", round, rounds);
        for (Map.Entry<String, Kind> each : kinds.entrySet()) {
          backlog.drained();
          loads
              .computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
              .add(each.getValue().load(STEP));
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
        STEP.toSeconds(), Figures.median(backlogs), Figures.median(drained));
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
   * Lists of personas from now on, for two minutes: begun right after a start, how quickly the
   * platform warms.
   *
   * @param json where the figures are written, too; null for nowhere
   */
  public static void warmUp(@Nullable Path json) throws Exception {
    Kind available = Objects.requireNonNull(new DoorBenchmark(settings()).kinds.get(AVAILABLE));
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      rates.add(available.load(STEP).perSecond());
      System.out.printf("%4d s %,8.0f/s%n", 5 * (i + 1), rates.getLast());
    }
    double first = rates.stream().limit(12).mapToDouble(each -> each).average().orElse(0);
    double warm = Figures.median(rates.subList(18, 24));
    System.out.printf("The first 60 s: %.2f x of the last 30 s.%n", first / warm);
    Figures.write(
        json,
        List.of(
            Map.of("what", "warm-up of available", "per_second", rates, "ratio", first / warm)));
  }

  private static Settings settings() {
    return Settings.read(LocalPlatform.projectRoot(), System.getenv());
  }

  private static List<Supplier<byte[]>> all(
      List<String> keys, Function<String, Supplier<byte[]>> caller) {
    return keys.stream().map(caller).toList();
  }

  /** To another persona each time. */
  private static Supplier<byte[]> switches(String key) {
    List<byte[]> requests =
        IntStream.rangeClosed(1, BUILT_IN)
            .mapToObj(
                id ->
                    request("POST /api/personas/switch", key, "{\"persona_id\":%d}".formatted(id)))
            .toList();
    AtomicInteger next = new AtomicInteger();
    return () -> requests.get(Math.floorMod(next.incrementAndGet(), BUILT_IN));
  }

  private static Supplier<byte[]> messages(String key) {
    return always(
        "POST /api/personas/1/messages",
        key,
        "{\"role\":\"user\",\"content\":\"A message of about the length that people type, on the"
            + " whole.\"}");
  }

  private static Supplier<byte[]> always(String what, String key, @Nullable String body) {
    byte[] request = request(what, key, body);
    return () -> request;
  }

  private static byte[] request(String what, String key, @Nullable String body) {
    byte[] content = body == null ? new byte[0] : body.getBytes(UTF_8);
    String head =
        Stream.of(
                what + " HTTP/1.1",
                "Host: 127.0.0.1",
                key.isEmpty() ? "" : "Authorization: Bearer " + key,
                body == null ? "" : "Content-Type: application/json",
                body == null ? "" : "Content-Length: " + content.length)
            .filter(line -> !line.isEmpty())
            .reduce("", (lines, line) -> lines + line + "\r\n");
    byte[] start = (head + "\r\n").getBytes(UTF_8);
    byte[] request = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, request, start.length, content.length);
    return request;
  }
}
