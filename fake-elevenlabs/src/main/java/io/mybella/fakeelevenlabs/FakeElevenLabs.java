package io.mybella.fakeelevenlabs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stand-in for ElevenLabs that speaks its protocol over HTTP: chunked audio with its four
 * headers, both shapes of errors, pages of voices, clones in their slots, a quota, and on demand
 * the faults that the real one shows. Safe for use by many threads.
 */
public final class FakeElevenLabs implements AutoCloseable {

  /** Every voice of which nothing else was said; see {@link #let}. */
  public static final String SPEECH = "speech";

  /** What besides the id of a voice {@link #let} takes. */
  public static final List<String> CALLS =
      List.of(SPEECH, "voices", "voices/add", "voices/delete", "models", "subscription");

  /** As many characters are said in a recording. */
  private static final int RECORDED = 20;

  private static final String PREVIEWS = "/previews/";
  private static final int MOST_BODY_BYTES = 24 << 20;
  private static final int MOST_KEPT_BODY_BYTES = 64 << 10;
  private static final int MOST_KEPT_REQUESTS = 500;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Account plan;
  private final Behaviours behaviours = new Behaviours();
  private final Voices voices = new Voices();
  private final Delivery delivery = new Delivery();
  private final Deque<Request> requests = new ArrayDeque<>();
  private volatile Account account;
  private volatile Usage usage = new Usage();
  private volatile CountDownLatch clonesMayGoOn = new CountDownLatch(0);

  /** Starts on a free port of this machine, with nothing in its way. */
  public FakeElevenLabs() {
    this(Account.withoutLimits());
  }

  /** Starts on a free port of this machine. */
  public FakeElevenLabs(Account account) {
    this(account, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * Starts.
   *
   * @param account what it may do, also after a {@link #reset}
   * @param address where it listens
   * @throws UncheckedIOException when it cannot listen there
   */
  public FakeElevenLabs(Account account, InetSocketAddress address) {
    this.plan = account;
    this.account = account;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + address, e);
    }
    Switches switches = new Switches(this, behaviours);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.createContext(PREVIEWS, this::introduce);
    server.createContext("/_faults", switches::faults);
    server.createContext("/_record", switches::tell);
    server.start();
  }

  /** Where it listens. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Where a recording of a voice is, for its {@code preview_url}; nobody is asked for a key there.
   */
  public String previewUrl(String voice) {
    return baseUrl() + PREVIEWS + voice + ".mp3";
  }

  /**
   * Decides how something answers from now on.
   *
   * @param what the id of a voice, {@link #SPEECH} for all others, {@code voices} for the list, or
   *     {@code voices/add}, {@code voices/delete}, {@code models}, {@code subscription}
   * @param behaviour how
   */
  public void let(String what, Behaviour behaviour) {
    behaviours.let(what, behaviour, behaviour.getClass().getSimpleName());
  }

  /** Has every clone wait from now on, until the result is counted down. */
  public CountDownLatch holdClones() {
    clonesMayGoOn = new CountDownLatch(1);
    return clonesMayGoOn;
  }

  /**
   * Gives the account a voice.
   *
   * @param json with its {@code voice_id}, and what else is told of a voice
   * @throws IllegalArgumentException when it is no object with a {@code voice_id}
   */
  public void hasVoice(String json) {
    if (!(Json.MAPPER.readTree(json) instanceof ObjectNode voice) || !voice.has("voice_id")) {
      throw new IllegalArgumentException("no voice: " + json);
    }
    voices.add(voice);
  }

  /** Gives it the ten voices that the program begins with. */
  public void hasUsualVoices() {
    UsualVoices.giveTo(this);
  }

  /** Changes what the account may do, until {@link #reset}. */
  public void changeTo(Account other) {
    account = other;
  }

  /** The last 500 requests at most, of paths that start so. */
  public List<Request> requests(String path) {
    synchronized (requests) {
      return requests.stream().filter(request -> request.path().startsWith(path)).toList();
    }
  }

  /** What was asked of all voices together. */
  public Tally tally() {
    return usage.total();
  }

  /**
   * How long all speeches took together, in seconds, those under way included, refused ones not.
   */
  public double slotSeconds() {
    return usage.slotSeconds();
  }

  /** What was asked of one voice. */
  public Tally tally(String voice) {
    return usage.of(voice);
  }

  /** What was asked of each voice. */
  public Map<String, Tally> tallies() {
    return usage.byVoice();
  }

  /**
   * What a voice answers when it is asked for a text.
   *
   * @param format such as {@code mp3_44100_128}
   * @throws IllegalArgumentException when there is no such format
   */
  public byte[] audio(String voice, String text, String format) {
    OutputFormat output =
        OutputFormat.of(format).orElseThrow(() -> new IllegalArgumentException(format));
    return Tone.of(voice, text.codePointCount(0, text.length()), output).bytes();
  }

  /** Forgets what was asked and used; voices, clones and behaviours stay. */
  public void forget() {
    usage = new Usage();
    synchronized (requests) {
      requests.clear();
    }
  }

  /**
   * Forgets behaviours, voices, what was asked and used, and ends what is still waiting. The
   * account is what it was at the start.
   */
  public void reset() {
    behaviours.clear();
    voices.clear();
    account = plan;
    forget();
    clonesMayGoOn.countDown();
    endSilence();
  }

  /** Ends whatever is silent or endless now. */
  void endSilence() {
    delivery.endSilence();
  }

  @Override
  public void close() {
    reset();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      Call call = received(exchange);
      requireKey(call.request());
      dispatch(exchange, call);
    } catch (ApiError e) {
      Delivery.send(exchange, e.reply());
    }
  }

  /** A recording, as it is kept at a place that knows no keys. */
  private void introduce(HttpExchange exchange) throws IOException {
    try {
      String path = received(exchange).request().path();
      String voice = path.substring(PREVIEWS.length()).replaceAll("\\.mp3$", "");
      OutputFormat format = OutputFormat.of("mp3_44100_128").orElseThrow();
      Delivery.send(
          exchange, new Reply(200, format.mediaType(), Map.of(), Tone.of(voice, RECORDED, format)));
    } catch (ApiError e) {
      Delivery.send(exchange, e.reply());
    }
  }

  private void dispatch(HttpExchange exchange, Call call) throws IOException, ApiError {
    String[] path = call.request().path().split("/", -1);
    String route = call.request().method() + ' ' + route(path);
    switch (route) {
      case "POST /v1/text-to-speech/*", "POST /v1/text-to-speech/*/stream" ->
          speak(exchange, path[3], call);
      case "GET /v2/voices" ->
          answer(exchange, "voices", () -> voices.page(new Query(call.request().query()), account));
      case "POST /v1/voices/add" -> addVoice(exchange, call);
      case "GET /v1/voices/*" -> answer(exchange, "voices", () -> voices.get(path[3]));
      case "DELETE /v1/voices/*" ->
          answer(exchange, "voices/delete", () -> voices.delete(path[3], account));
      case "GET /v1/models" -> answer(exchange, "models", Models::all);
      case "GET /v1/user/subscription" -> answer(exchange, "subscription", this::subscription);
      default -> throw ApiError.of(404, "not_found", "The stand-in does not know " + route + '.');
    }
  }

  /** The path with a star in place of an id. */
  private static String route(String[] path) {
    String[] route = path.clone();
    if (path.length >= 4 && !path[3].isEmpty() && !path[3].equals("add") && hasId(path[2])) {
      route[3] = "*";
    }
    return String.join("/", route);
  }

  private static boolean hasId(String collection) {
    return collection.equals("text-to-speech") || collection.equals("voices");
  }

  private void speak(HttpExchange exchange, String voice, Call call) throws IOException, ApiError {
    Account now = account;
    Usage counted = usage;
    try (Usage.Held _ = counted.call(voice)) {
      delivery.deliver(
          exchange,
          behaviours.next(voice, SPEECH),
          way -> {
            SpeechRequest request = SpeechRequest.read(call.request(), call.body(), now);
            if (!voices.speaks(voice, now)) {
              throw Voices.notFound(voice);
            }
            request.requireAllowed(now);
            try (Usage.Speaking speaking =
                counted.speak(voice, request.characters(), request.model(), now)) {
              way.write(
                  new Reply(
                      200,
                      request.format().mediaType(),
                      speaking.headers(),
                      Tone.of(voice, request.characters(), request.format())));
            }
          });
    }
  }

  private void addVoice(HttpExchange exchange, Call call) throws IOException, ApiError {
    Delivery.await(clonesMayGoOn);
    answer(
        exchange,
        "voices/add",
        () -> voices.cloneOf(new Multipart(call.contentType(), call.body()), account));
  }

  private void answer(HttpExchange exchange, String what, Found found)
      throws IOException, ApiError {
    delivery.deliver(
        exchange, behaviours.next(what, what), way -> way.write(Reply.json(found.now())));
  }

  private Object subscription() {
    return Subscription.of(account, usage.charged(), voices.clonesKept());
  }

  private void requireKey(Request request) throws ApiError {
    String key = request.key();
    if (key == null || key.isBlank()) {
      throw ApiError.of(
          401,
          "needs_authorization",
          "Neither authorization header nor xi-api-key received, please provide one.");
    }
    String only = account.key();
    if (only != null && !only.equals(key)) {
      throw ApiError.of(401, "invalid_api_key", "Invalid API key");
    }
  }

  private Call received(HttpExchange exchange) throws IOException, ApiError {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            exchange.getRequestURI().getRawQuery(),
            exchange.getRequestHeaders().getFirst("xi-api-key"),
            body.length > MOST_KEPT_BODY_BYTES ? Arrays.copyOf(body, MOST_KEPT_BODY_BYTES) : body);
    synchronized (requests) {
      requests.addLast(request);
      if (requests.size() > MOST_KEPT_REQUESTS) {
        requests.removeFirst();
      }
    }
    if (body.length > MOST_BODY_BYTES) {
      throw ApiError.of(413, "upload_file_size_exceeded", "More than 24 MiB.");
    }
    return new Call(request, type(exchange), body);
  }

  private static String type(HttpExchange exchange) {
    @Nullable String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return type == null ? "" : type;
  }

  /** A request with all of its body. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Call(Request request, String contentType, byte[] body) {}

  /** What a call that exchanges JSON finds. */
  @FunctionalInterface
  private interface Found {
    Object now() throws ApiError;
  }
}
