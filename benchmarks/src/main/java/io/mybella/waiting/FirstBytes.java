package io.mybella.waiting;

import io.mybella.figures.Figures;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Session;
import io.mybella.local.settings.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures, one request after the other, when the first byte of a speech and the first words of a
 * reply are there: of a speech beside what the stand-in for ElevenLabs takes by itself, in pairs.
 * Needs a platform that was started with it.
 */
public final class FirstBytes {

  private static final int WARM_UP = 150;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private final URI gateway;
  private final StandIn standIn;
  private final String key;
  private final long persona;
  private final String voice;

  private FirstBytes(MeasuredPlatform platform) throws IOException, InterruptedException {
    this.gateway = URI.create(platform.gateway());
    this.standIn = new StandIn(http, platform.port(Setting.MYBELLA_FAKE_ELEVENLABS_PORT));
    this.voice = standIn.firstVoice();
    Session session = platform.register(1).getFirst();
    this.key = session.key();
    this.persona = StandIn.personaWith(voice, session);
  }

  /**
   * Measures and prints medians.
   *
   * @param rounds how many requests of each kind, at least 1
   * @param json where the figures are written, too; null for nowhere
   */
  public static void rounds(int rounds, @Nullable Path json) throws Exception {
    var benchmark = new FirstBytes(MeasuredPlatform.ofSettings());
    // What was spoken in an earlier run is kept for a while.
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    for (int i = 0; i < WARM_UP; i++) {
      benchmark.round(
          new LinkedHashMap<>(), "Warming up for run %s, the %dth time.".formatted(run, i));
    }
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      benchmark.round(millis, "This is sentence number %d of run %s.".formatted(i, run));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    System.out.printf("%-34s %10s%n", "milliseconds to the first", "median");
    millis.forEach(
        (what, each) -> {
          System.out.printf("%-34s %10.1f%n", what, Figures.median(each));
          rows.add(Map.of("what", what, "p50_ms", Figures.median(each)));
        });
    Figures.write(json, rows);
  }

  private void round(Map<String, List<Double>> millis, String text)
      throws IOException, InterruptedException {
    double own = speech(standIn.speech(voice), text);
    HttpRequest.Builder platform = gateway("/voice/speech", "audio/mpeg");
    double through = speech(platform, text);
    note(millis, "byte of a speech, upstream's own", own);
    note(millis, "the same, added by the platform", through - own);
    note(millis, "byte of it from the cache", speech(platform, text));
    note(millis, "words of the offline chat", words(text));
  }

  private static void note(Map<String, List<Double>> millis, String what, double each) {
    millis.computeIfAbsent(what, _ -> new ArrayList<>()).add(each);
  }

  private HttpRequest.Builder gateway(String what, String accept) {
    return HttpRequest.newBuilder(gateway.resolve("/api/personas/" + persona + what))
        .header("Authorization", "Bearer " + key)
        .header("Accept", accept);
  }

  /** The milliseconds until the first byte of audio; the rest is taken, too. */
  private double speech(HttpRequest.Builder request, String text)
      throws IOException, InterruptedException {
    HttpRequest asked = posted(request, "{\"text\":\"%s\"}".formatted(text));
    long begin = System.nanoTime();
    try (InputStream audio = body(asked)) {
      if (audio.read() < 0) {
        throw new IOException(asked.uri() + " answers without a sound");
      }
      double millis = (System.nanoTime() - begin) / 1e6;
      audio.transferTo(OutputStream.nullOutputStream());
      return millis;
    }
  }

  /** The milliseconds until the first words of a reply; the rest is taken, too. */
  private double words(String text) throws IOException, InterruptedException {
    HttpRequest asked =
        posted(gateway("/chat", "text/event-stream"), "{\"content\":\"%s\"}".formatted(text));
    long begin = System.nanoTime();
    double millis = -1;
    try (var lines =
        new BufferedReader(new InputStreamReader(body(asked), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (millis < 0 && line.equals("event:delta")) {
          millis = (System.nanoTime() - begin) / 1e6;
        }
      }
    }
    if (millis < 0) {
      throw new IOException(asked.uri() + " answers without a word");
    }
    return millis;
  }

  private static HttpRequest posted(HttpRequest.Builder request, String body) {
    return request
        .copy()
        .header("Content-Type", "application/json")
        .timeout(PATIENCE)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private InputStream body(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      try (InputStream why = answer.body()) {
        throw new IOException(
            "%s answers %d: %s"
                .formatted(
                    request.uri(),
                    answer.statusCode(),
                    new String(why.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return answer.body();
  }
}
