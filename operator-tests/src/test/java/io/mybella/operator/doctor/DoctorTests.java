package io.mybella.operator.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each thing that can be wrong is named; what the running platform cannot be brought to is played
 * by a small server.
 */
class DoctorTests {

  private static final List<String> SERVICES =
      List.of("PERSONA", "MEMORY", "VOICE", "CHAT", "GATEWAY");

  private static final String REGISTER = "POST /api/auth/register";
  private static final String SPEAK = "POST /api/personas/7/voice/speech";

  /** What the server answers at each path: status, then the body. */
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();

  private HttpServer server;
  private String address;

  /** How many have registered; each is known by a cookie. */
  private final AtomicInteger guests = new AtomicInteger();

  /** An answer: status, body (a character for each byte), headers. */
  private record Reply(int status, String body, Map<String, String> headers) {
    byte[] bytes() {
      return body.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    address = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String request = exchange.getRequestMethod() + ' ' + path;
    boolean second = String.valueOf(exchange.getRequestHeaders().get("Cookie")).contains("who=2");
    Reply reply =
        Stream.of(second ? request + " of the second" : request, request, path)
            .flatMap(key -> Stream.ofNullable(replies.get(key)))
            .findFirst()
            .orElse(new Reply(404, "", Map.of()));
    if (request.equals(REGISTER)) {
      exchange
          .getResponseHeaders()
          .add("Set-Cookie", "who=" + guests.incrementAndGet() + "; Path=/");
    }
    reply.headers().forEach(exchange.getResponseHeaders()::add);
    byte[] body = reply.bytes();
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void reply(String path, int status, String body) {
    replies.put(path, new Reply(status, body, Map.of()));
  }

  private Installation installation(Map<String, String> more) {
    Map<String, String> settings = new java.util.HashMap<>();
    for (String service : SERVICES) {
      settings.put("MYBELLA_" + service + "_URL", address);
      settings.put("MYBELLA_" + service + "_MANAGEMENT_URL", address);
      settings.put("MYBELLA_" + service + "_DB_URL", "jdbc:postgresql://127.0.0.1:1/none");
    }
    settings.put("MYBELLA_KAFKA", "127.0.0.1:1");
    settings.putAll(more);
    return new Installation(settings);
  }

  private Installation installation() {
    return installation(Map.of());
  }

  private static List<String> told(List<Finding> findings) {
    return findings.stream()
        .map(each -> "%s %s: %s".formatted(each.outcome(), each.subject(), each.result()))
        .toList();
  }

  @Test
  void aServiceThatIsNotReadyAndOneThatIsNotThereAreNamed() throws Exception {
    reply("/actuator/health/readiness", 503, "");
    assertThat(told(new ServicesCheck(installation()).look()))
        .contains("FAILED gateway: runs, but is not ready (503)")
        .hasSize(SERVICES.size());

    server.stop(0);
    List<Finding> away = new ServicesCheck(installation()).look();
    assertThat(told(away)).contains("FAILED voice-service: nobody listens there");
    assertThat(away).allMatch(finding -> finding.advice().contains("./mybella up"));
  }

  @ParameterizedTest
  @CsvSource({"0,OK", "10,WARNING", "-10,WARNING", "3600,FAILED", "-3600,FAILED"})
  void clocksThatAreApartAreNamed(int seconds, Outcome outcome) throws Exception {
    reply("/actuator/health/liveness", 200, "{}");
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds));
    assertThat(new ClockCheck(installation(), wrong).look())
        .filteredOn(finding -> !finding.subject().startsWith("database"))
        .hasSize(SERVICES.size())
        .allMatch(finding -> finding.outcome() == outcome);
    assertThat(wrong.getZone()).isEqualTo(ZoneOffset.UTC);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          events     | mybella_outbox_oldest_age_seconds 61                                    | FAILED  | committed events have waited for 61 s to be sent
          events     | mybella_outbox_blocked 2                                                | FAILED  | 2 events are refused for good, and all later ones of their keys wait
          events     | mybella_events_stalled_age_seconds 90                                   | FAILED  | an event has waited for 90 s for something that is away
          erasures   | mybella_persona_erasures_overdue 1                                      | FAILED  | 1 erasures of personas are overdue
          erasures   | mybella_gateway_erasures_overdue 3                                      | FAILED  | 3 erasures of accounts are overdue
          erasures   | mybella_voice_clones_unfinished 1                                       | WARNING | 1 clones are yet to be deleted at ElevenLabs
          erasures   | mybella_memory_work_oldest_age_seconds{kind="close"} 1234               | WARNING | work in the background is late by 1234 s
          neighbours | resilience4j_circuitbreaker_state{name="voice",state="open"} 1          | WARNING | a circuit breaker is open: something it asks failed several times
          """)
  void whatTheServicesMeasureIsNamedOnceItIsTooMuch(
      String check, String line, Outcome outcome, String result) throws Exception {
    reply("/actuator/prometheus", 200, "# HELP of something\n" + line.strip() + "\n");
    assertThat(gauges(check).look())
        .filteredOn(finding -> finding.outcome() != Outcome.SKIPPED)
        .hasSize(SERVICES.size())
        .allMatch(finding -> finding.outcome() == outcome && finding.result().equals(result))
        .noneMatch(finding -> finding.advice().isEmpty());

    reply("/actuator/prometheus", 200, line.strip().replaceFirst(" \\d+$", " 0"));
    assertThat(gauges(check).look())
        .allMatch(
            finding -> finding.outcome() == Outcome.SKIPPED || finding.outcome() == Outcome.OK);
  }

  private GaugesCheck gauges(String check) {
    return switch (check) {
      case "events" -> GaugesCheck.events(installation());
      case "erasures" -> GaugesCheck.erasures(installation());
      default -> GaugesCheck.neighbours(installation());
    };
  }

  @Test
  void aMetricThatNobodyTellsIsNotHealth() throws Exception {
    reply("/actuator/prometheus", 200, "something_else 1\n");
    assertThat(told(GaugesCheck.neighbours(installation()).look()))
        .containsExactly("SKIPPED : no service tells resilience4j_circuitbreaker_state");
    server.stop(0);
    assertThat(told(GaugesCheck.neighbours(installation()).look()))
        .containsExactly("SKIPPED : no service tells what it measures");
  }

  @ParameterizedTest
  @CsvSource({"9000000000,OK", "1000000000,WARNING", "100000000,FAILED"})
  void aDiskThatIsNearlyFullIsNamed(long free, Outcome outcome) throws Exception {
    reply(
        "/actuator/prometheus",
        200,
        "disk_total_bytes{path=\"/new\"} 0\ndisk_free_bytes{path=\"/new\"} 0\ndisk_free_bytes{path=\"/\"} 9.0E12\ndisk_free_bytes{path=\"/data\"} %d\n"
            .formatted(free));
    assertThat(new DisksCheck(installation()).look())
        .hasSize(SERVICES.size())
        .allMatch(finding -> finding.outcome() == outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"data":[{"id":"small"}]} | OK      | the endpoint answers
          200 | {"data":[{"id":"large"}]} | FAILED  | the endpoint has no such model
          200 | <html>                    | WARNING | the list of models is no JSON
          401 | {}                        | FAILED  | the key is refused (401)
          500 | {}                        | FAILED  | the endpoint answers 500
          404 | {}                        | SKIPPED | the endpoint has no list of its models
          """)
  void whatIsWrongWithTheModelIsNamed(int status, String body, Outcome outcome, String result)
      throws Exception {
    reply("/v1/models", status, body);
    assertThat(told(new ModelCheck(model()).look()))
        .containsExactly("%s small: %s".formatted(outcome, result));
  }

  @Test
  void aModelThatIsAwayIsNamedAndNoneIsNone() throws Exception {
    server.stop(0);
    assertThat(told(new ModelCheck(model()).look()))
        .containsExactly("FAILED : nobody listens there");
    assertThat(told(new ModelCheck(installation()).look()))
        .containsExactly("SKIPPED : none is set: the offline engine replies");
  }

  private Installation model() {
    return installation(
        Map.of(
            "MYBELLA_MODEL_BASE_URL", address + "/v1/",
            "MYBELLA_MODEL_NAME", "small",
            "MYBELLA_MODEL_API_KEY", "secret"));
  }

  @Test
  void aProxyThatIsNotBelievedAndHeadersThatAreBelievedFromAnybodyAreNamed() throws Exception {
    replies.put("/login", new Reply(200, "", Map.of("Set-Cookie", "XSRF-TOKEN=a; Path=/; Secure")));
    assertThat(told(new ProxyCheck(installation(), Web.client()).look()))
        .containsExactly(
            "WARNING forwarding headers: the gateway believes them from this machine, which is no"
                + " proxy of it",
            "SKIPPED public address: MYBELLA_PUBLIC_URL does not say what people open");

    replies.put("/login", new Reply(200, "", Map.of("Set-Cookie", "XSRF-TOKEN=a; Path=/")));
    reply("/actuator/health", 200, "{}");
    assertThat(
            told(
                new ProxyCheck(installation(Map.of("MYBELLA_PUBLIC_URL", address)), Web.client())
                    .look()))
        .containsExactly(
            "OK forwarding headers: are believed from nobody else",
            "WARNING public address: people open %s without TLS".formatted(address),
            "FAILED inside: /actuator/health answers 200 to everybody");
  }

  @Test
  void aGatewayThatDoesNotKnowOfTheTlsInFrontOfItIsNamed(@TempDir Path folder) throws Exception {
    SSLContext tls = certificateIn(folder);
    HttpsServer front =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    front.setHttpsConfigurator(new HttpsConfigurator(tls));
    front.createContext("/", this::answer);
    front.start();
    try {
      Installation installation =
          installation(
              Map.of("MYBELLA_PUBLIC_URL", "https://127.0.0.1:" + front.getAddress().getPort()));
      replies.put("/login", new Reply(200, "", Map.of("Set-Cookie", "XSRF-TOKEN=a; Path=/")));
      assertThat(told(new ProxyCheck(installation, Web.client().sslContext(tls)).look()))
          .contains(
              "FAILED public address: the gateway does not know that people come over https",
              "OK inside: health, metrics and imports cannot be reached from outside");

      reply("/login", 502, "");
      assertThat(told(new ProxyCheck(installation, Web.client().sslContext(tls)).look()))
          .contains(
              "FAILED public address: %s answers 502"
                  .formatted("https://127.0.0.1:" + front.getAddress().getPort()));

      assertThat(told(new ProxyCheck(installation, Web.client()).look()))
          .anyMatch(found -> found.startsWith("FAILED public address: https://127.0.0.1:"))
          .anyMatch(found -> found.startsWith("SKIPPED inside: "));
    } finally {
      front.stop(0);
    }
  }

  /** A key for 127.0.0.1 with a certificate that nobody but its owner believes. */
  private static SSLContext certificateIn(Path folder) throws Exception {
    Path store = folder.resolve("keys");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=front",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    char[] password = "secret".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, password);
    TrustManagerFactory believed =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificates = KeyStore.getInstance(KeyStore.getDefaultType());
    certificates.load(null);
    certificates.setCertificateEntry("front", keys.getCertificate("mykey"));
    believed.init(certificates);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(own.getKeyManagers(), believed.getTrustManagers(), null);
    return tls;
  }

  @Test
  void silenceAndWhatIsNoSoundAreNotHeard() throws Exception {
    assertThat(Sound.of(wav(0)).isHeard()).isFalse();
    assertThat(Sound.of(wav(0.1)).isHeard()).isTrue();
    assertThat(Sound.of(wav(0.1)).seconds()).isEqualTo(1);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> Sound.of("no sound at all, but long enough".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnsupportedAudioFileException.class);
  }

  private static String sound(double loudness) throws IOException {
    return new String(wav(loudness), StandardCharsets.ISO_8859_1);
  }

  /** A second of a tone. */
  private static byte[] wav(double loudness) throws IOException {
    AudioFormat format = new AudioFormat(16_000, 16, 1, true, false);
    byte[] samples = new byte[32_000];
    for (int i = 0; i < 16_000; i++) {
      short sample = (short) (Math.sin(i / 10.0) * loudness * Short.MAX_VALUE);
      samples[2 * i] = (byte) sample;
      samples[2 * i + 1] = (byte) (sample >> 8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AudioSystem.write(
        new AudioInputStream(new ByteArrayInputStream(samples), format, 16_000),
        AudioFileFormat.Type.WAVE,
        out);
    return out.toByteArray();
  }

  @Test
  void guestsWhoSeeWhatTheyShouldAreWell() throws Exception {
    guestsAreWell();
    assertThat(told(guests()))
        .containsExactly(
            "OK personas: each persona knows what it was told, and nothing else",
            "OK users: nobody sees anything of somebody else",
            "OK : heard, 1.0 s of it",
            "OK traces: nothing of a guest is left",
            "OK traces: nothing of a guest is left");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /api/personas/7/messages               | 200 | doctor: told to the one, doctor: told to the other | personas: a persona knows what another one was told
          GET /api/personas/7/messages               | 200 | nothing                                            | personas: a persona lacks what it was told
          GET /api/personas/7 of the second          | 200 | {}                                                 | users: somebody else's persona answers 200 to GET /api/personas/7
          GET /api/personas/7/messages of the second | 403 | {}                                                 | users: somebody else's persona answers 403 to GET /api/personas/7/messages
          POST /api/personas/switch of the second    | 200 | {}                                                 | users: somebody else's persona answers 200 to POST /api/personas/switch
          GET /api/personas/1/messages of the second | 200 | doctor: told to the other                          | users: a user sees what another one told the same persona
          POST /api/personas/7/voice/speech          | 503 | {}                                                 | : POST /api/personas/7/voice/speech answers 503, not 200
          POST /api/personas/7/voice/speech          | 200 | an error message in place of a sound               | : what comes is no sound
          GET /api/auth/erasures/e                   | 200 | {"status":"pending"}                               | traces: a guest's account is not erased after 1 s
          """)
  void whatGuestsShouldNotSeeIsNamed(String request, int status, String body, String finding)
      throws Exception {
    guestsAreWell();
    replies.put(request, new Reply(status, body, Map.of()));
    assertThat(told(guests())).contains("FAILED " + finding);
  }

  @Test
  void aVoiceThatIsSilentIsNamedAndAHouseWithoutGuestsIsLeftAlone() throws Exception {
    guestsAreWell();
    replies.put(SPEAK, new Reply(200, sound(0), Map.of()));
    assertThat(told(guests())).contains("FAILED : silence of 1.0 s");
    reply(REGISTER, 404, "");
    assertThat(told(guests()))
        .containsExactly("SKIPPED : nobody can register here: accounts come from elsewhere");
  }

  private List<Finding> guests() throws Exception {
    guests.set(0);
    return new GuestsCheck(installation(), Duration.ofSeconds(1)).look();
  }

  private void guestsAreWell() throws IOException {
    reply(REGISTER, 201, "{}");
    reply("POST /api/personas/create", 201, "{\"persona\":{\"id\":7}}");
    reply("POST /api/personas/7/messages", 201, "{}");
    reply("POST /api/personas/1/messages", 201, "{}");
    reply("GET /api/personas/7/messages", 200, "doctor: told to the one");
    reply("GET /api/personas/7/messages of the second", 404, "");
    reply("GET /api/personas/1/messages", 200, "doctor: told to the other");
    reply("GET /api/personas/1/messages of the second", 200, "nothing");
    replies.put(SPEAK, new Reply(200, sound(0.1), Map.of()));
    reply("DELETE /api/auth/me", 202, "{\"erasure_id\":\"e\"}");
    reply("GET /api/auth/erasures/e", 200, "{\"status\":\"complete\"}");
  }

  @Test
  void aCheckThatThrowsOrHangsIsAFindingAndTheOthersGoOn() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    List<Finding> findings =
        new Examination(
                List.of(
                    check(
                        "breaks",
                        () -> {
                          throw new IOException("it broke\nsecond line");
                        }),
                    check(
                        "hangs",
                        () -> {
                          never.await();
                          return List.of();
                        }),
                    check(
                        "goes on",
                        () -> List.of(new Finding("goes on", "", Outcome.OK, "yes", "")))),
                Duration.ofSeconds(1))
            .run(order::add);
    assertThat(order).containsExactly("breaks", "hangs", "goes on");
    assertThat(told(findings))
        .containsExactly("FAILED : it broke", "FAILED : No answer within 1 s", "OK : yes");
  }

  private interface Looking {
    List<Finding> look() throws Exception;
  }

  private static Check check(String name, Looking looking) {
    return new Check() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<Finding> look() throws Exception {
        return looking.look();
      }
    };
  }

  @Test
  void databasesAndBrokerThatAreAwayAreNamed() throws Exception {
    assertThat(new DatabasesCheck(installation()).look())
        .hasSize(4)
        .allMatch(finding -> finding.outcome() == Outcome.FAILED)
        .allMatch(finding -> finding.result().contains("refused"));
    assertThat(new BrokerCheck(installation()).look())
        .hasSize(1)
        .allMatch(finding -> finding.outcome() == Outcome.FAILED)
        .allMatch(finding -> finding.result().startsWith("no answer at 127.0.0.1:1"));
  }

  @Test
  void theReportIsATableOrJsonAndTheStatusCountsFailuresAlone() throws Exception {
    Check bad =
        check("bad", () -> List.of(new Finding.About("bad", "x").failed("broke", "mend it")));
    Check soSo =
        check("so-so", () -> List.of(new Finding.About("so-so", "").warning("limps", "rest")));
    StringWriter table = new StringWriter();
    assertThat(examine(false, table, bad, soSo)).isOne();
    assertThat(table.toString())
        .contains(
            "failed   bad: x  broke",
            "-> mend it",
            "warning  so-so   limps",
            "1 failed, 1 warnings");

    StringWriter json = new StringWriter();
    assertThat(examine(true, json, soSo)).isZero();
    assertThat(json.toString().strip())
        .isEqualTo(
            "{\"findings\":[{\"check\":\"so-so\",\"subject\":\"\",\"outcome\":\"warning\",\"result\":\"limps\",\"advice\":\"rest\"}],\"status\":\"ok\"}");
  }

  private int examine(boolean json, StringWriter out, Check... checks) throws Exception {
    return new Doctor(installation(), List.of(checks))
        .only(java.util.Arrays.stream(checks).map(Check::name).toList())
        .examine(json, new PrintWriter(out), new PrintWriter(new StringWriter()));
  }
}
