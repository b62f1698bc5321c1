package io.mybella.waiting;

import io.mybella.figures.Figures;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Session;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Measures how much of the speeches that ElevenLabs allows at the same time is used while twice as
 * many listeners want one, and whether ever more are asked for. Needs a platform that was started
 * with the stand-in, which is told to take its time for each speech and asked what was under way.
 */
public final class SlotsBenchmark {

  private static final int OK = 200;

  /** Below what voice-service gives to one account. */
  private static final int OF_AN_ACCOUNT = 4;

  private static final int SPEECH_MILLIS = 300;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private final MeasuredPlatform platform;
  private final StandIn standIn;

  /** In every text: what was spoken in an earlier run is kept for a while. */
  private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

  private final AtomicInteger texts = new AtomicInteger();
  private final AtomicInteger byDefaultVoice = new AtomicInteger();
  private volatile boolean ended;

  private SlotsBenchmark(MeasuredPlatform platform) {
    this.platform = platform;
    this.standIn = new StandIn(http, platform.port(Setting.MYBELLA_FAKE_ELEVENLABS_PORT));
  }

  /**
   * Has the listeners come, and after a while measures.
   *
   * @param time of the measurement
   * @param json where the figures are written, too; null for nowhere
   */
  public static void measure(Duration time, @Nullable Path json) throws Exception {
    var benchmark = new SlotsBenchmark(MeasuredPlatform.ofSettings());
    Figures.write(json, List.of(benchmark.measured(time)));
  }

  private Map<String, Object> measured(Duration time) throws Exception {
    standIn.forget();
    String voice = standIn.firstVoice();
    int slots = standIn.slots(voice);
    List<HttpRequest.Builder> requests = requests(voice, 2 * slots);
    standIn.takesItsTime(SPEECH_MILLIS);
    List<Future<?>> listening = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (HttpRequest.Builder each : requests) {
        listening.add(threads.submit(() -> listen(each)));
      }
      try {
        Thread.sleep(WARM_UP);
        return told(slots, time);
      } finally {
        ended = true;
        for (Future<?> each : listening) {
          each.get();
        }
      }
    } finally {
      standIn.takesNoTime();
    }
  }

  private List<HttpRequest.Builder> requests(String voice, int listeners)
      throws IOException, InterruptedException {
    List<HttpRequest.Builder> requests = new ArrayList<>();
    for (Session each : platform.register(Math.ceilDiv(listeners, OF_AN_ACCOUNT))) {
      long persona = StandIn.personaWith(voice, each);
      for (int i = 0; i < OF_AN_ACCOUNT && requests.size() < listeners; i++) {
        requests.add(
            HttpRequest.newBuilder(
                    URI.create(
                        "%s/api/personas/%d/voice/speech".formatted(platform.gateway(), persona)))
                .header("Authorization", "Bearer " + each.key())
                .header("Content-Type", "application/json")
                .header("Accept", "audio/mpeg")
                .timeout(PATIENCE));
      }
    }
    return requests;
  }

  /** Has one text after the other spoken, none of them twice. */
  private @Nullable Void listen(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    while (!ended) {
      String text = "{\"text\":\"Sentence %d of run %s.\"}".formatted(texts.incrementAndGet(), run);
      HttpResponse<Void> answer =
          http.send(
              request.copy().POST(BodyPublishers.ofString(text)).build(),
              BodyHandlers.discarding());
      if (answer.statusCode() != OK) {
        throw new IOException(answer.uri() + " answers " + answer.statusCode());
      }
      if (answer.headers().firstValue("X-Voice-Source").orElse("").equals("default")) {
        byDefaultVoice.incrementAndGet();
      }
    }
    return null;
  }

  private Map<String, Object> told(int slots, Duration time)
      throws IOException, InterruptedException {
    int spokenBefore = texts.get();
    int defaultBefore = byDefaultVoice.get();
    StandIn.UnderWay before = standIn.told();
    long begin = System.nanoTime();
    Thread.sleep(time);
    StandIn.UnderWay after = standIn.told();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double used = (after.slotSeconds() - before.slotSeconds()) / (slots * seconds);
    int spoken = texts.get() - spokenBefore;
    int byDefault = byDefaultVoice.get() - defaultBefore;
    System.out.printf(
        "%d slots, %d listeners: %.1f %% used, at most %d at the same time; %d texts, %d of them by"
            + " the default voice%n",
        slots, 2 * slots, 100 * used, after.most(), spoken, byDefault);
    return Map.of(
        "what", "slots of ElevenLabs",
        "slots", slots,
        "used", used,
        "most_at_once", after.most(),
        "texts", spoken,
        "by_default_voice", byDefault);
  }
}
