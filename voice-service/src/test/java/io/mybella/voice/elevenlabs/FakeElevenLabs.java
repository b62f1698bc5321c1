package io.mybella.voice.elevenlabs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.Mp3Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stand-in for ElevenLabs that speaks its protocol over HTTP: chunked audio with its four
 * headers, both shapes of errors, pages of voices, clones, and the faults that the real one shows.
 */
public final class FakeElevenLabs {

  /** How a voice, or cloning, answers. */
  public sealed interface Behaviour {
    /** As it should. */
    record Speaks() implements Behaviour {}

    /** An error with the current shape of a body. */
    record Fails(int status, String code) implements Behaviour {}

    /** An error with the older shape of a body. */
    record FailsAsBefore(int status, String statusText) implements Behaviour {}

    /** Any status with any body. */
    record Answers(int status, String contentType, String body) implements Behaviour {}

    /** Takes the request and does not answer at all. */
    record Ignores() implements Behaviour {}

    /** Accepts the text and then says nothing. */
    record StaysSilent() implements Behaviour {}

    /** Says half of it and drops the connection once it is told to. */
    record BreaksOff(CountDownLatch now) implements Behaviour {}

    /** Fails a number of times, then speaks. */
    record FailsAtFirst(int times, Behaviour failure) implements Behaviour {}
  }

  /** A request as it came. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Request(String method, String path, String query, String key, byte[] body) {

    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  /** Two seconds of a tone that no other voice says. */
  private static final byte[] TONE = mp3();

  private final HttpServer server;
  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final List<String> voices = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger clones = new AtomicInteger();
  private volatile CountDownLatch silence = new CountDownLatch(1);
  private volatile CountDownLatch clonesMayGoOn = new CountDownLatch(0);

  /** Starts on a free port of this machine. */
  public FakeElevenLabs() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/text-to-speech/", this::speak);
    server.createContext("/v2/voices", this::voices);
    server.createContext("/v1/voices/", this::clones);
    server.start();
  }

  /** Where it listens. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Decides how a voice answers; {@code voices/add} and {@code voices/delete} are the clones. */
  public void let(String voice, Behaviour behaviour) {
    behaviours.put(voice, behaviour);
    asked.remove(voice);
  }

  /** Has every clone wait from now on, until the result is counted down. */
  public CountDownLatch holdClones() {
    clonesMayGoOn = new CountDownLatch(1);
    return clonesMayGoOn;
  }

  /** Gives the account a voice, as JSON. */
  public void hasVoice(String json) {
    voices.add(json);
  }

  /** What was asked so far, of paths that start so. */
  public List<Request> requests(String path) {
    return requests.stream().filter(request -> request.path().startsWith(path)).toList();
  }

  /** Forgets behaviours, voices and requests, and ends what is still waiting. */
  public void reset() {
    behaviours.clear();
    asked.clear();
    voices.clear();
    requests.clear();
    clonesMayGoOn.countDown();
    silence.countDown();
    silence = new CountDownLatch(1);
  }

  private void speak(HttpExchange exchange) throws IOException {
    note(exchange);
    String voice = exchange.getRequestURI().getPath().split("/", -1)[3];
    boolean pcm = exchange.getRequestURI().getQuery().contains("output_format=pcm_24000");
    byte[] audio = pcm ? DecodedMp3.tone(440, 1, 24_000).samples() : TONE;
    answer(exchange, voice, audio, pcm ? "audio/pcm" : "audio/mpeg");
  }

  private void answer(HttpExchange exchange, String voice, byte[] audio, String type)
      throws IOException {
    int times = asked.computeIfAbsent(voice, v -> new AtomicInteger()).incrementAndGet();
    Behaviour behaviour = behaviours.getOrDefault(voice, new Behaviour.Speaks());
    if (behaviour instanceof Behaviour.FailsAtFirst first) {
      behaviour = times <= first.times() ? first.failure() : new Behaviour.Speaks();
    }
    switch (behaviour) {
      case Behaviour.Speaks speaks -> {
        head(exchange, type);
        try (OutputStream out = exchange.getResponseBody()) {
          for (int at = 0; at < audio.length; at += 1000) {
            out.write(audio, at, Math.min(1000, audio.length - at));
            out.flush();
          }
        }
      }
      case Behaviour.BreaksOff breaks -> {
        head(exchange, type);
        exchange.getResponseBody().write(audio, 0, audio.length / 2);
        exchange.getResponseBody().flush();
        await(breaks.now());
        // Closing the exchange would write the last chunk; a handler that fails drops the line.
        throw new IOException("cut off on purpose");
      }
      case Behaviour.Ignores ignores -> {
        await(silence);
        exchange.close();
      }
      case Behaviour.StaysSilent silent -> {
        head(exchange, type);
        exchange.getResponseBody().flush();
        await(silence);
      }
      case Behaviour.Fails fails ->
          send(
              exchange,
              fails.status(),
              "application/json",
              """
              {"detail":{"type":"error","code":"%s","message":"no","request_id":"r1"}}\
              """
                  .formatted(fails.code()));
      case Behaviour.FailsAsBefore fails ->
          send(
              exchange,
              fails.status(),
              "application/json",
              """
              {"detail":{"status":"%s","message":"no"}}\
              """
                  .formatted(fails.statusText()));
      case Behaviour.Answers answers ->
          send(exchange, answers.status(), answers.contentType(), answers.body());
      case Behaviour.FailsAtFirst nested -> throw new IllegalStateException("nested");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void voices(HttpExchange exchange) throws IOException {
    note(exchange);
    if (behaviours.containsKey("voices")) {
      answer(exchange, "voices", new byte[0], "application/json");
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    int from =
        query.contains("next_page_token=") ? Integer.parseInt(query.replaceAll(".*=", "")) : 0;
    int to = Math.min(from + 2, voices.size());
    boolean more = to < voices.size();
    send(
        exchange,
        200,
        "application/json",
        """
        {"voices":[%s],"has_more":%s,"total_count":%d,"next_page_token":%s}\
        """
            .formatted(
                String.join(",", new ArrayList<>(voices).subList(from, to)),
                more,
                voices.size(),
                more ? "\"" + to + "\"" : "null"));
  }

  private void clones(HttpExchange exchange) throws IOException {
    note(exchange);
    boolean adding = exchange.getRequestMethod().equals("POST");
    String what = adding ? "voices/add" : "voices/delete";
    if (adding) {
      await(clonesMayGoOn);
    }
    if (behaviours.containsKey(what)) {
      answer(exchange, what, new byte[0], "application/json");
    } else if (adding) {
      send(
          exchange,
          200,
          "application/json",
          """
          {"voice_id":"clone%d","requires_verification":false}\
          """
              .formatted(clones.incrementAndGet()));
    } else {
      send(exchange, 200, "application/json", "{\"status\":\"ok\"}");
    }
  }

  private void note(HttpExchange exchange) throws IOException {
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            exchange.getRequestURI().getQuery(),
            exchange.getRequestHeaders().getFirst("xi-api-key"),
            exchange.getRequestBody().readAllBytes()));
  }

  private static void head(HttpExchange exchange, String type) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("request-id", "r1");
    exchange.getResponseHeaders().set("character-cost", "10");
    exchange.getResponseHeaders().set("current-concurrent-requests", "1");
    exchange.getResponseHeaders().set("maximum-concurrent-requests", "2");
    exchange.sendResponseHeaders(200, 0);
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static byte[] mp3() {
    Mp3Encoder encoder = new Mp3Encoder(48_000);
    ByteArrayOutputStream mp3 = new ByteArrayOutputStream();
    mp3.writeBytes(encoder.encode(DecodedMp3.tone(880, 2, 48_000)));
    mp3.writeBytes(encoder.finish());
    return mp3.toByteArray();
  }
}
