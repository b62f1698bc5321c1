package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.Request;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteIT extends GatewayTest {

  /** As good as endless: far more than any route takes or swallows. */
  private static final long ENDLESS = 256L << 20;

  @ParameterizedTest
  @CsvSource({
    "GET, /api/personas/available, persona",
    "POST, /api/personas/create, persona",
    "PUT, /api/personas/7, persona",
    "DELETE, /api/personas/7, persona",
    "GET, /api/personas/7/avatar?v=3, persona",
    "GET, /api/personas/erasures/018f, persona",
    "GET, /api/personas/7/messages?limit=50&before=a%2Bb%3D, memory",
    "POST, /api/personas/7/messages/batch, memory",
    "GET, /api/personas/7/memory/search?q=caf%C3%A9%20noir, memory",
    "PUT, /api/personas/7/memory/preferences/food/tea, memory",
    "GET, /api/personas/voice-presets, voice",
    "GET, /api/personas/voice-presets/EXAVITQu4vr4xnSDxMaL/preview, voice",
    "POST, /api/personas/7/voice/speech, voice",
    "DELETE, /api/personas/7/voice, voice",
    "POST, /api/personas/7/chat, chat"
  })
  void everyPathLeadsToItsServiceUnchanged(String method, String path, String service) {
    List.of(PERSONA, MEMORY, VOICE)
        .forEach(server -> server.stubFor(any(anyUrl()).willReturn(okJson("{}"))));

    var answer = signedUp().send(method, path, BodyPublishers.noBody());

    assertThat(answer.statusCode()).isEqualTo(200);
    var expected = method + " " + path;
    assertThat(requests(PERSONA))
        .isEqualTo(service.equals("persona") ? List.of(expected) : List.of());
    assertThat(requests(MEMORY))
        .isEqualTo(service.equals("memory") ? List.of(expected) : List.of());
    assertThat(requests(VOICE)).isEqualTo(service.equals("voice") ? List.of(expected) : List.of());
    assertThat(CHAT.requests()).isEqualTo(service.equals("chat") ? List.of(expected) : List.of());
  }

  @Test
  void theServiceLearnsWhoAsksFromATokenThatThePublishedKeysVerify() throws Exception {
    Browser browser = signedUp();
    long id = Browser.json(browser.get("/api/auth/me")).get("id").asLong();
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    browser.get("/api/personas/available");

    String header = seen(PERSONA).getHeader("Authorization");
    assertThat(header).startsWith("Bearer ");
    var token = SignedJWT.parse(header.substring(7));
    var keys = JWKSet.parse(browser().get("/.well-known/jwks.json").body());
    var key = keys.getKeyByKeyId(token.getHeader().getKeyID());
    assertThat(token.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
    assertThat(keys.getKeys()).noneMatch(com.nimbusds.jose.jwk.JWK::isPrivate);
    assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
    assertThat(token.getHeader().getType().getType()).isEqualTo("at+jwt");
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("mybella-gateway");
    assertThat(claims.getAudience()).containsExactly("persona-service");
    assertThat(claims.getSubject()).isEqualTo(Long.toString(id));
    assertThat(claims.getStringClaim("role")).isEqualTo("user");
    assertThat(claims.getExpirationTime().toInstant())
        .isBetween(Instant.now().plusSeconds(55), Instant.now().plusSeconds(301));
  }

  /** Stolen from one service, a token opens no other but those which that service itself asks. */
  @Test
  void aTokenIsGoodForItsServiceAndThoseThatItAsksInTheCallersName() throws Exception {
    Browser browser = signedUp();
    List.of(MEMORY, VOICE)
        .forEach(server -> server.stubFor(any(anyUrl()).willReturn(okJson("{}"))));

    browser.get("/api/personas/7/messages");
    browser.get("/api/personas/7/voice");

    assertThat(audience(seen(MEMORY))).containsExactly("memory-service", "persona-service");
    assertThat(audience(seen(VOICE))).containsExactly("voice-service", "persona-service");
  }

  private static List<String> audience(Request request) throws Exception {
    return SignedJWT.parse(request.getHeader("Authorization").substring(7))
        .getJWTClaimsSet()
        .getAudience();
  }

  @Test
  void anAdministratorIsNamedOne() throws Exception {
    String name = name();
    Browser.signedUp(port, name);
    database
        .sql("update account set role = 'admin' where email = :email")
        .param("email", Browser.emailOf(name))
        .update();
    Browser browser = browser();
    browser.get("/api/auth/me");
    browser.post(
        "/api/auth/login", Map.of("email", Browser.emailOf(name), "password", Browser.PASSWORD));
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    browser.get("/api/personas/available");

    var token = SignedJWT.parse(seen(PERSONA).getHeader("Authorization").substring(7));
    assertThat(token.getJWTClaimsSet().getStringClaim("role")).isEqualTo("admin");
  }

  @Test
  void whatCouldPassForAnIdentityEndsAtTheDoor() {
    Browser browser = signedUp();
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    browser.get(
        "/api/personas/available",
        "X-User-Id",
        "1",
        "X-User-Role",
        "admin",
        "X-Forwarded-For",
        "203.0.113.1",
        "X-Forwarded-User",
        "root",
        "X-Real-IP",
        "203.0.113.1",
        "Forwarded",
        "for=203.0.113.1",
        "X-Anything",
        "else",
        "Idempotency-Key",
        "0123456789",
        "Accept-Language",
        "de",
        "X-Request-Id",
        "my-request-0001");

    Request seen = seen(PERSONA);
    for (String name :
        List.of(
            "X-User-Id",
            "X-User-Role",
            "X-Forwarded-For",
            "X-Forwarded-User",
            "X-Forwarded-Host",
            "X-Real-IP",
            "Forwarded",
            "X-Anything",
            "X-XSRF-TOKEN",
            "Cookie")) {
      assertThat(seen.containsHeader(name)).as(name).isFalse();
    }
    assertThat(seen.header("Authorization").values()).hasSize(1);
    assertThat(seen.getHeader("Idempotency-Key")).isEqualTo("0123456789");
    assertThat(seen.getHeader("Accept-Language")).isEqualTo("de");
    assertThat(seen.getHeader("X-Request-Id")).isEqualTo("my-request-0001");
  }

  @Test
  void theServiceGoesOnWithTheTraceOfTheCallerOrWithANewOne() {
    PERSONA.stubFor(get("/api/personas/9").willReturn(okJson("{}")));
    Browser browser = signedUp();
    String given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    browser.get("/api/personas/9", "traceparent", given);
    assertThat(seen(PERSONA).getHeader("traceparent"))
        .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01")
        .isNotEqualTo(given);
    PERSONA.resetRequests();
    browser.get("/api/personas/9", "traceparent", given + "-forged");
    assertThat(seen(PERSONA).header("traceparent").values())
        .singleElement()
        .asString()
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }

  @Test
  void theServicesAnswerPassesButItsCookiesDoNot() {
    PERSONA.stubFor(
        get("/api/personas/9")
            .willReturn(
                aResponse()
                    .withStatus(404)
                    .withHeader("Content-Type", "application/problem+json")
                    .withHeader("Set-Cookie", "MYBELLA_SESSION=planted; Path=/")
                    .withHeader("X-Voice-Source", "default")
                    .withHeader("X-Request-Id", "another-one")
                    .withBody("{\"title\":\"Not Found\",\"error\":\"Persona not found\"}")));

    var answer = signedUp().get("/api/personas/9", "X-Request-Id", "my-request-0002");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualTo("{\"title\":\"Not Found\",\"error\":\"Persona not found\"}");
    assertThat(answer.headers().allValues("Content-Type"))
        .containsExactly("application/problem+json");
    assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    assertThat(answer.headers().firstValue("X-Voice-Source")).contains("default");
    assertThat(answer.headers().allValues("X-Request-Id")).containsExactly("my-request-0002");
    assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
  }

  @Test
  void conditionalRequestsEndIn304ManyTimesOverWithoutUsingUpConnections() {
    Browser browser = signedUp();
    PERSONA.stubFor(
        get("/api/personas/7/avatar?v=1")
            .willReturn(
                aResponse()
                    .withHeader("ETag", "\"v1\"")
                    .withHeader("Cache-Control", "private, max-age=60")
                    .withBody("picture")));

    for (int i = 0; i < 300; i++) {
      var answer = browser.get("/api/personas/7/avatar?v=1", "If-None-Match", "\"other\"");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Cache-Control")).contains("private, max-age=60");
    }
    PERSONA.stubFor(
        get("/api/personas/7/avatar?v=1")
            .willReturn(aResponse().withStatus(304).withHeader("ETag", "\"v1\"")));
    for (int i = 0; i < 300; i++) {
      var answer = browser.get("/api/personas/7/avatar?v=1", "If-None-Match", "\"v1\"");
      assertThat(answer.statusCode()).isEqualTo(304);
      assertThat(answer.headers().firstValue("ETag")).contains("\"v1\"");
    }
  }

  @Test
  void bodiesArriveAsTheyWereSent() {
    Browser browser = signedUp();
    PERSONA.stubFor(post("/api/personas/create").willReturn(aResponse().withStatus(201)));
    String multipart =
        String.join(
            "\r\n",
            "--b",
            "Content-Disposition: form-data; name=\"name\"",
            "",
            "Mäx",
            "--b",
            "Content-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"",
            "Content-Type: image/png",
            "",
            "\u0001\u0002\u0003",
            "--b--",
            "");

    browser.send(
        "POST",
        "/api/personas/create",
        BodyPublishers.ofString(multipart),
        "Content-Type",
        "multipart/form-data; boundary=b");
    assertThat(seen(PERSONA).getBodyAsString()).isEqualTo(multipart);
    assertThat(seen(PERSONA).getHeader("Content-Type"))
        .isEqualTo("multipart/form-data; boundary=b");
    assertThat(seen(PERSONA).getHeader("Content-Length"))
        .isEqualTo(Integer.toString(multipart.getBytes(StandardCharsets.UTF_8).length));

    PERSONA.stubFor(put("/api/personas/7?a=%26").willReturn(aResponse().withStatus(200)));
    for (String form : List.of("tagline=a%26b%3D%C3%A4&name=Coach+Sam", "b=2&a=1&a=%C3%A4")) {
      for (var request :
          Map.of("/api/personas/create", "POST", "/api/personas/7?a=%26", "PUT").entrySet()) {
        browser.send(
            request.getValue(),
            request.getKey(),
            BodyPublishers.ofString(form),
            "Content-Type",
            "application/x-www-form-urlencoded");
        assertThat(seen(PERSONA).getBodyAsString()).isEqualTo(form);
        assertThat(seen(PERSONA).getUrl()).isEqualTo(request.getKey());
      }
    }
  }

  @Test
  void tooLargeBodiesAreRefused() {
    Browser browser = signedUp();
    PERSONA.stubFor(post("/api/personas/create").willReturn(aResponse().withStatus(201)));
    byte[] large = new byte[200 * 1024];

    var declared = browser.send("POST", "/api/personas/create", BodyPublishers.ofByteArray(large));
    var chunked =
        browser.send(
            "POST",
            "/api/personas/create",
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)));

    assertProblem(declared, 413);
    assertProblem(chunked, 413);
    assertThat(browser.post("/api/personas/create", Map.of("name", "x")).statusCode())
        .isEqualTo(201);
  }

  @Test
  void aDeadServiceIsAnsweredForAtOnceAndTheOthersGoOn() {
    Browser browser = signedUp();
    MEMORY.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    for (int i = 0; i < 10; i++) {
      var answer = browser.post("/api/personas/1/messages", Map.of("content", "hello"));
      assertProblem(answer, 503);
      assertThat(answer.headers().firstValue("Retry-After").map(Integer::parseInt).orElseThrow())
          .isPositive();
      assertThat(browser.get("/api/personas/available").statusCode()).isEqualTo(200);
    }

    // The breaker opened after a few failures: the service is left in peace.
    assertThat(MEMORY.getAllServeEvents()).hasSizeLessThan(10);
    assertThat(operator().get("/actuator/health/readiness").statusCode()).isEqualTo(200);
  }

  @Test
  void aSlowServiceIsGivenUpAfterItsTimeAndTheOthersDoNotWait() {
    Browser browser = signedUp();
    VOICE.stubFor(any(anyUrl()).willReturn(okJson("[]").withFixedDelay(20_000)));
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    long start = System.nanoTime();
    var answer = browser.get("/api/personas/voice-presets");

    assertProblem(answer, 503);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertThat(browser.get("/api/personas/available").statusCode()).isEqualTo(200);
  }

  @Test
  void manyRequestsThatHangInOneServiceHoldUpNoOther() throws Exception {
    Browser browser = signedUp();
    VOICE.stubFor(any(anyUrl()).willReturn(okJson("[]").withFixedDelay(20_000)));
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    int served = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // More than there are connections to a service.
      List<Future<HttpResponse<String>>> speech =
          Stream.generate(
                  () ->
                      threads.submit(
                          () ->
                              browser
                                  .copy()
                                  .post("/api/personas/1/voice/speech", Map.of("text", "hello"))))
              .limit(40)
              .toList();
      while (!speech.stream().allMatch(Future::isDone)) {
        assertThat(browser.get("/api/personas/available").statusCode()).isEqualTo(200);
        served++;
      }
      for (Future<HttpResponse<String>> each : speech) {
        assertProblem(each.get(), 503);
      }
    }

    assertThat(served).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/personas/create, 65536",
    "/api/personas/1/messages/batch, 8388608",
    "/api/personas/1/voice/upload, 11534336",
    "/api/personas/1/chat, 16777216"
  })
  void everyServiceHasItsOwnLargestBody(String path, long limit) throws Exception {
    Browser browser = signedUp();

    assertThat(answerTo(browser, path, "Content-Length: " + (limit + 1), _ -> {}))
        .startsWith("HTTP/1.1 413")
        .contains("application/problem+json", "\"error\":\"The request is too large\"");
  }

  @Test
  void aBodyWithoutAnEndIsCutOff() throws Exception {
    Browser browser = signedUp();
    byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.UTF_8);
    var sent = new AtomicLong();

    String answer =
        answerTo(
            browser,
            "/api/personas/create",
            "Transfer-Encoding: chunked",
            out -> {
              // Gives up some day, so that the test ends when the gateway does not.
              while (sent.addAndGet(chunk.length) < ENDLESS) {
                out.write(chunk);
              }
            });

    assertThat(answer).startsWith("HTTP/1.1 413").contains("application/problem+json");
    assertThat(sent.get()).isLessThan(ENDLESS);
  }

  @Test
  void aChangeIsNeverSentTwice() {
    Browser browser = signedUp();
    VOICE.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));

    assertProblem(browser.delete("/api/personas/7/voice"), 503);
    assertThat(requests(VOICE)).containsExactly("DELETE /api/personas/7/voice");
    VOICE.resetRequests();
    assertProblem(browser.get("/api/personas/7/voice"), 503);
    assertThat(requests(VOICE)).hasSize(2);
  }

  @Test
  void uploadsThatTheServiceRefusesOpenNoBreaker() {
    Browser browser = signedUp();
    CHAT.refuse = true;
    byte[] large = new byte[900 * 1024];

    for (int i = 0; i < 12; i++) {
      var answer = browser.send("POST", "/api/personas/5/chat", BodyPublishers.ofByteArray(large));
      // Its refusal, or word that it did not take the upload where it closed the line too soon.
      assertThat(answer.statusCode()).as(answer.body()).isIn(413, 503);
    }

    assertThat(failures("chat-service")).isZero();
  }

  @Test
  void callersWhoLeaveAmidTheirUploadsOpenNoBreaker() throws Exception {
    Browser browser = signedUp();
    for (int i = 1; i <= 12; i++) {
      try (Socket upload = halfAnUpload(browser)) {
        int expected = i;
        await().until(() -> CHAT.requests().size() == expected);
        upload.setSoLinger(true, 0);
      }
    }

    await().until(() -> CHAT.cutOff() == 12);
    assertThat(failures("chat-service")).isZero();
    assertThat(browser.stream("/api/personas/5/chat").statusCode()).isEqualTo(200);
  }

  @Test
  void aServiceThatTakesNoMoreOfABodyIsNotWaitedForWithoutEnd() {
    CHAT.reads = new CountDownLatch(1);
    // More than the connections between hold by themselves.
    byte[] large = new byte[15 << 20];

    var answer = signedUp().send("POST", "/api/personas/5/chat", BodyPublishers.ofByteArray(large));

    CHAT.reads.countDown();
    assertProblem(answer, 503);
    assertThat(failures("chat-service")).isEqualTo(1);
  }

  /** A breaker that tries whether the service is back lets few through: none may be held up. */
  @Test
  void uploadsThatDoNotEndKeepNobodyFromFindingOutThatTheServiceIsBack() throws Exception {
    Browser browser = signedUp();
    CircuitBreaker breaker = breakers.circuitBreaker("chat-service");
    breaker.transitionToOpenState();
    breaker.transitionToHalfOpenState();
    try (Socket first = halfAnUpload(browser);
        Socket second = halfAnUpload(browser);
        Socket third = halfAnUpload(browser)) {
      await().until(() -> CHAT.requests().size() == 3);

      assertThat(signedUp().stream("/api/personas/5/chat").statusCode()).isEqualTo(200);
      assertThat(List.of(first, second, third)).noneMatch(Socket::isClosed);
    }
  }

  @Test
  void whoWaitsForAConnectionSaysNothingAboutTheService() throws Exception {
    Browser browser = signedUp();
    CHAT.next = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<HttpResponse<java.io.InputStream>> held = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        held.add(browser.copy().stream("/api/personas/5/chat"));
      }
      List<Future<Integer>> waiting =
          Stream.generate(
                  () ->
                      threads.submit(
                          () -> browser.copy().stream("/api/personas/5/chat").statusCode()))
              .limit(10)
              .toList();
      for (Future<Integer> each : waiting) {
        assertThat(each.get()).isEqualTo(503);
      }
      assertThat(failures("chat-service")).isZero();
      CHAT.next.countDown();
      for (var each : held) {
        each.body().readAllBytes();
      }
    }
    assertThat(browser.stream("/api/personas/5/chat").statusCode()).isEqualTo(200);
  }

  @Test
  void theSlowWorkOfOneCallerIsNotHeldAgainstTheService() throws Exception {
    Browser greedy = signedUp();
    slowSpeech();

    speak(Collections.nCopies(12, greedy));

    assertThat(failures("voice-service")).isEqualTo(1);
    assertThat(signedUp().get("/api/personas/voice-presets").statusCode()).isEqualTo(200);
  }

  @Test
  void aServiceThatIsTooSlowForManyCallersIsLeftInPeace() throws Exception {
    slowSpeech();

    speak(Stream.generate(this::signedUp).limit(6).toList());

    assertProblem(signedUp().get("/api/personas/voice-presets"), 503);
  }

  @Test
  void anAnswerThatBreaksOffIsSeenToAndCounts() {
    Browser browser = signedUp();
    VOICE.stubFor(
        get("/api/personas/voice-presets")
            .willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));
    CHAT.breakOff = true;

    for (int i = 0; i < 3; i++) {
      var answer = browser.get("/api/personas/voice-presets");
      assertProblem(answer, 503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      // The first event has arrived by then: nobody must take it for the whole answer.
      assertThatThrownBy(() -> browser.post("/api/personas/5/chat", "{}"))
          .hasCauseInstanceOf(IOException.class);
    }

    assertThat(failures("voice-service")).isEqualTo(3);
    assertThat(failures("chat-service")).isEqualTo(3);
  }

  private void slowSpeech() {
    VOICE.stubFor(
        post("/api/personas/1/voice/speech").willReturn(okJson("{}").withFixedDelay(20_000)));
    VOICE.stubFor(get("/api/personas/voice-presets").willReturn(okJson("[]")));
  }

  /** All at once; every one of them takes too long. */
  private static void speak(List<Browser> callers) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> speech = new ArrayList<>();
      for (Browser each : callers) {
        Browser caller = each.copy();
        speech.add(
            threads.submit(
                () -> caller.post("/api/personas/1/voice/speech", Map.of("text", "hello"))));
      }
      for (Future<HttpResponse<String>> each : speech) {
        assertProblem(each.get(), 503);
      }
    }
  }

  private int failures(String service) {
    return breakers.circuitBreaker(service).getMetrics().getNumberOfFailedCalls();
  }

  /** Announces 100 KB for the chat and sends 40 of them. */
  private Socket halfAnUpload(Browser browser) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    OutputStream out = socket.getOutputStream();
    out.write(
        head(browser, "/api/personas/5/chat", "Content-Length: 102400")
            .getBytes(StandardCharsets.UTF_8));
    out.write(new byte[40 * 1024]);
    out.flush();
    return socket;
  }

  @Test
  void errorsOfAServiceAreItsOwnAndOpenNoBreaker() {
    Browser browser = signedUp();
    PERSONA.stubFor(
        get("/api/personas/available")
            .willReturn(aResponse().withStatus(500).withBody("{\"error\":\"ours\"}")));

    for (int i = 0; i < 30; i++) {
      var answer = browser.get("/api/personas/available");
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("{\"error\":\"ours\"}");
    }
  }

  @Test
  void eventsArriveOneByOne() throws Exception {
    Browser browser = signedUp();
    CHAT.next = new CountDownLatch(1);

    HttpResponse<java.io.InputStream> answer = browser.stream("/api/personas/5/chat");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (var lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("data: one");
      // Only now, that the first has arrived, does the service send the second.
      CHAT.next.countDown();
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEqualTo("data: two");
    }
  }

  /** Writes a body of its own making. */
  private interface BodyWriter {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The answer to a request whose body goes on being sent while it is read. */
  private String answerTo(Browser browser, String path, String framing, BodyWriter body)
      throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      out.write(head(browser, path, framing).getBytes(StandardCharsets.UTF_8));
      Thread sending =
          Thread.startVirtualThread(
              () -> {
                try {
                  body.writeTo(out);
                } catch (IOException cutOff) {
                  // As it should be: nobody reads on.
                }
              });
      String answer = "";
      for (int next = socket.getInputStream().read();
          next >= 0 && next != '}';
          next = socket.getInputStream().read()) {
        answer += (char) next;
      }
      socket.shutdownOutput();
      sending.join();
      return answer;
    }
  }

  private static String head(Browser browser, String path, String framing) {
    return String.join(
        "\r\n",
        "POST " + path + " HTTP/1.1",
        "Host: localhost",
        "Cookie: MYBELLA_SESSION=%s; XSRF-TOKEN=token"
            .formatted(browser.cookies().get(Browser.SESSION)),
        "X-XSRF-TOKEN: token",
        "Content-Type: application/octet-stream",
        framing,
        "",
        "");
  }

  private static List<String> requests(WireMockServer server) {
    return server.getAllServeEvents().stream()
        .map(event -> event.getRequest().getMethod() + " " + event.getRequest().getUrl())
        .toList();
  }

  /** The latest request the service got. */
  private static Request seen(WireMockServer server) {
    return server.getAllServeEvents().getFirst().getRequest();
  }
}
