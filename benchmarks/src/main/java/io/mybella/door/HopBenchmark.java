package io.mybella.door;

import io.mybella.figures.Figures;
import io.mybella.load.Load;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Requests;
import io.mybella.load.Session;
import io.mybella.load.Warmth;
import io.mybella.local.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures what the way through the gateway costs: lists of personas of the same users through it
 * and at persona-service itself, in turns. All of it shares the processors.
 */
public final class HopBenchmark {

  private static final int USERS = 16;
  private static final String LIST = "GET /api/personas/available";

  private final Kind through;
  private final Kind direct;

  private HopBenchmark(MeasuredPlatform platform, ServiceTokens tokens) throws Exception {
    List<Session> users = platform.register(USERS);
    this.through =
        new Kind(
            platform.port(Setting.MYBELLA_GATEWAY_PORT),
            200,
            users.stream().map(user -> Requests.always(LIST, user.key(), null)).toList());
    this.direct =
        new Kind(
            platform.port(Setting.MYBELLA_PERSONA_PORT),
            200,
            users.stream().map(user -> tokens.caller(LIST, user.userId())).toList());
  }

  /**
   * Both until they are warm, then in turns: sixteen connections, then one request at a time;
   * medians of the rounds.
   *
   * @param rounds how many, at least 1
   * @param json where the figures are written, too; null for nowhere
   */
  public static void rounds(int rounds, @Nullable Path json) throws Exception {
    MeasuredPlatform platform = MeasuredPlatform.ofSettings();
    var benchmark = new HopBenchmark(platform, ServiceTokens.of(platform));
    Warmth.warm("available through the gateway", benchmark.through::load);
    Warmth.warm("available at persona-service itself", benchmark.direct::load);
    Figures.write(json, benchmark.inTurns(rounds));
  }

  /** What a round has measured. */
  private record Round(Load direct, Load through, Load directAlone, Load throughAlone) {}

  private List<Map<String, Object>> inTurns(int rounds) throws InterruptedException {
    List<Round> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      System.err.printf("round %d of %d …%n", round, rounds);
      all.add(
          new Round(
              direct.load(Warmth.STEP),
              through.load(Warmth.STEP),
              direct.alone().load(Warmth.STEP),
              through.alone().load(Warmth.STEP)));
    }
    System.out.printf("%-30s %10s %14s%n", "", "per second", "p50 alone ms");
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(
        row(
            "at persona-service itself",
            all.stream().map(Round::direct).toList(),
            all.stream().map(Round::directAlone).toList()));
    rows.add(
        row(
            "through the gateway",
            all.stream().map(Round::through).toList(),
            all.stream().map(Round::throughAlone).toList()));
    double ratio =
        Figures.median(
            all.stream()
                .map(each -> each.through().perSecond() / each.direct().perSecond())
                .toList());
    double added =
        Figures.median(
            all.stream()
                .map(each -> each.throughAlone().p50() - each.directAlone().p50())
                .toList());
    System.out.printf("ratio of requests %.3f, added at the median %.2f ms%n", ratio, added);
    rows.add(Map.of("what", "gateway hop", "ratio", ratio, "added_p50_ms", added));
    return rows;
  }

  private static Map<String, Object> row(String what, List<Load> together, List<Load> alone) {
    double rate = Figures.median(together.stream().map(Load::perSecond).toList());
    double p50 = Figures.median(alone.stream().map(Load::p50).toList());
    System.out.printf("%-30s %,10.0f %14.2f%n", what, rate, p50);
    return Map.of("what", what, "per_second", rate, "p50_alone_ms", p50);
  }
}
