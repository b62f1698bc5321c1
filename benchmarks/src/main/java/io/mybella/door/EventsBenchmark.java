package io.mybella.door;

import io.mybella.figures.Figures;
import io.mybella.load.Load;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Requests;
import io.mybella.load.Session;
import io.mybella.load.Warmth;
import io.mybella.local.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long it takes from a switch until a consumer has its event, at a rate that the
 * platform keeps up with: users switch through the gateway, each at a time of its own, and the
 * consumer is one of the benchmark.
 *
 * <p>Nobody is told when a row was committed. It was after the time that the event names, which is
 * taken within the transaction, and before the answer: so both are measured, and what is asked for
 * lies between them.
 */
public final class EventsBenchmark {

  private static final int USERS = 16;
  private static final int SWITCHED = 200;
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private final int gateway;
  private final double perSecond;
  private final List<Switcher> users;
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();

  private EventsBenchmark(int gateway, double perSecond, List<Session> accounts) {
    this.gateway = gateway;
    this.perSecond = perSecond;
    this.users =
        accounts.stream()
            .map(each -> new Switcher(each.userId(), Requests.switches(each.key())))
            .toList();
  }

  /**
   * Switches until the platform is warm, then at the rate; medians of the rounds.
   *
   * @param rounds how many, at least 1
   * @param perSecond switches of all users together, above 0
   * @param time of each round
   * @param json where the figures are written, too; null for nowhere
   */
  public static void rounds(int rounds, double perSecond, Duration time, @Nullable Path json)
      throws Exception {
    MeasuredPlatform platform = MeasuredPlatform.ofSettings();
    int kafka = platform.port(Setting.MYBELLA_KAFKA_PORT);
    var benchmark =
        new EventsBenchmark(
            platform.port(Setting.MYBELLA_GATEWAY_PORT), perSecond, platform.register(USERS));
    try (var consumer = new SwitchConsumer(kafka, benchmark.users);
        var backlog = new Backlog(kafka)) {
      Warmth.warm("switch", step -> Load.of(benchmark.gateway, SWITCHED, step, benchmark.users));
      backlog.drained();
      benchmark.load(WARM_UP);
      for (int round = 1; round <= rounds; round++) {
        System.err.printf("round %d of %d …%n", round, rounds);
        benchmark.round(time, consumer);
      }
    }
    Figures.write(json, benchmark.told());
  }

  private Load load(Duration time) throws InterruptedException {
    return Load.paced(gateway, SWITCHED, time, perSecond, users);
  }

  private void round(Duration time, SwitchConsumer consumer) throws Exception {
    users.forEach(Switcher::beginAnew);
    Load load = load(time);
    consumer.awaitAll();
    note("per_second", load.perSecond());
    note("answer_p50_ms", load.p50());
    note("answer_p99_ms", load.p99());
    note("since_change", Switcher::sinceChange);
    note("since_answer", Switcher::sinceAnswer);
  }

  private void note(String what, Function<Switcher, DoubleStream> millis) {
    List<Double> all = users.stream().flatMap(user -> millis.apply(user).boxed()).toList();
    note(what + "_p50_ms", Figures.quantile(all, 0.5));
    note(what + "_p99_ms", Figures.quantile(all, 0.99));
  }

  private void note(String what, double figure) {
    figures.computeIfAbsent(what, _ -> new ArrayList<>()).add(figure);
  }

  private List<Map<String, Object>> told() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", "events of switches");
    figures.forEach((what, each) -> row.put(what, Figures.median(each)));
    row.forEach(
        (what, figure) -> {
          if (figure instanceof Double number) {
            System.out.printf("%-22s %,10.2f%n", what, number);
          }
        });
    return List.of(row);
  }
}
