package io.mybella.fakeelevenlabs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class FakeElevenLabsTests {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String RACHEL = "21m00Tcm4TlvDq8ikWAM";
  private static final String SPEECH = "/v1/text-to-speech/" + RACHEL;
  private static final String STREAM = SPEECH + "/stream";
  private static final String MULTILINGUAL = "eleven_multilingual_v2";
  private static final FakeElevenLabs FAKE = new FakeElevenLabs(Account.ofPlan("free"));
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeEach
  void anAccountWithItsVoices() {
    FAKE.reset();
    FAKE.hasUsualVoices();
  }

  @AfterAll
  static void end() {
    CLIENT.shutdownNow();
    FAKE.close();
  }

  @Test
  void speechIsChunkedAudioWithItsFourHeaders() throws Exception {
    HttpResponse<byte[]> spoken = post(STREAM, "{\"text\":\"Good morning.\"}");

    assertThat(spoken.statusCode()).isEqualTo(200);
    assertThat(spoken.body()).isEqualTo(FAKE.audio(RACHEL, "Good morning.", "mp3_44100_128"));
    assertThat(header(spoken, "content-type")).isEqualTo("audio/mpeg");
    assertThat(header(spoken, "transfer-encoding")).isEqualTo("chunked");
    assertThat(header(spoken, "request-id")).hasSize(20);
    assertThat(header(spoken, "character-cost")).isEqualTo("13");
    assertThat(header(spoken, "current-concurrent-requests")).isEqualTo("1");
    assertThat(header(spoken, "maximum-concurrent-requests")).isEqualTo("2");
    assertThat(FAKE.tally(RACHEL)).isEqualTo(new Tally(1, 1, 13));
    assertThat(FAKE.requests("/v1/text-to-speech"))
        .singleElement()
        .satisfies(request -> assertThat(request.key()).isEqualTo("any key"));
  }

  @Test
  void aQuickModelCostsHalfAndHasTwiceTheSlots() throws Exception {
    HttpResponse<byte[]> spoken =
        post(SPEECH, "{\"text\":\"Good morning.\",\"model_id\":\"eleven_flash_v2_5\"}");

    assertThat(header(spoken, "character-cost")).isEqualTo("7");
    assertThat(header(spoken, "maximum-concurrent-requests")).isEqualTo("4");
    assertThat(json(get("/v1/user/subscription")).path("character_count").asInt()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                  | 422 |
          []                                                 | 422 |
          {}                                                 | 422 |
          {"text":7}                                         | 422 |
          {"text":"a","previous_request_ids":["1","2","3","4"]} | 422 |
          {"text":" "}                                       | 400 | input_text_empty
          {"text":"a","model_id":"eleven_flash_v9"}          | 400 | model_not_found
          {"text":"a","model_id":"eleven_v3","previous_request_ids":["1"]} | 400 | unsupported_model
          """)
  void aRequestThatItDoesNotUnderstandIsRefusedInItsWords(String body, int status, String code)
      throws Exception {
    HttpResponse<byte[]> refused = post(SPEECH, body);

    assertThat(refused.statusCode()).isEqualTo(status);
    JsonNode detail = json(refused).path("detail");
    if (code == null) {
      assertThat(detail.isArray()).isTrue();
      assertThat(detail.path(0).propertyNames()).containsExactlyInAnyOrder("loc", "msg", "type");
    } else {
      assertThat(detail.path("code").asString()).isEqualTo(code);
      assertThat(detail.propertyNames())
          .containsExactlyInAnyOrder("type", "code", "message", "status", "request_id", "param");
    }
  }

  @Test
  void whatThePlanDoesNotAllowIsRefused() throws Exception {
    assertRefused(
        post(SPEECH + "?output_format=mp3_44100_192", text("a")), 403, "output_format_not_allowed");
    assertRefused(
        post(SPEECH + "?output_format=pcm_44100", text("a")), 403, "output_format_not_allowed");
    assertRefused(post(SPEECH, text("a".repeat(10_001))), 400, "max_character_limit_exceeded");
    assertRefused(post("/v1/text-to-speech/nobody", text("a")), 404, "voice_not_found");
    assertThat(post(SPEECH + "?output_format=opus_48000_32", text("a")).statusCode())
        .isEqualTo(422);
    FAKE.changeTo(Account.ofPlan("pro").withKey("another key"));
    assertRefused(post(SPEECH, text("a")), 401, "invalid_api_key");
    FAKE.changeTo(Account.ofPlan("pro"));
    assertThat(post(SPEECH + "?output_format=wav_44100", text("a")).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> anonymous =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(FAKE.baseUrl() + "/v1/models")).build(),
            BodyHandlers.ofByteArray());
    assertRefused(anonymous, 401, "needs_authorization");
    assertRefused(get("/v1/history"), 404, "not_found");
  }

  @Test
  void charactersAreCountedAndAtTheirEndNothingIsSaid() throws Exception {
    FAKE.changeTo(Account.ofPlan("free").withCharacterLimit(10));

    assertThat(post(SPEECH, text("1234567")).statusCode()).isEqualTo(200);
    assertRefused(post(SPEECH, text("1234")), 401, "quota_exceeded");
    assertThat(post(SPEECH, text("123")).statusCode()).isEqualTo(200);
    assertThat(json(get("/v1/user/subscription")).path("character_count").asInt()).isEqualTo(10);
    assertThat(FAKE.tally()).isEqualTo(new Tally(3, 1, 10));
  }

  @Test
  void asManySpeechesAtATimeAsThePlanHas() throws Exception {
    FAKE.let(RACHEL, new Behaviour.Stalls());
    try (InputStream one = listen(text("Hello there.")).body();
        InputStream two = listen(text("Hello there.")).body()) {
      assertThat(one.read() + two.read()).isEqualTo(2 * 0xff);
      FAKE.let(RACHEL, new Behaviour.Speaks());

      HttpResponse<byte[]> third = post(STREAM, text("Hello there."));
      assertRefused(third, 429, "concurrent_limit_exceeded");
      assertThat(json(third).at("/detail/status").asString())
          .isEqualTo("too_many_concurrent_requests");
      assertThat(header(third, "current-concurrent-requests")).isEqualTo("2");
      assertThat(header(third, "maximum-concurrent-requests")).isEqualTo("2");
      assertThat(post(STREAM, "{\"text\":\"a\",\"model_id\":\"eleven_turbo_v2_5\"}").statusCode())
          .isEqualTo(200);
      assertThat(FAKE.tally().mostAtOnce()).isEqualTo(3);

      FAKE.endSilence();
      await().until(() -> post(STREAM, text("Hello there.")).statusCode() == 200);
    }
  }

  @Test
  void clonesTakeSlotsAndGiveThemBack() throws Exception {
    assertRefused(clone("me"), 400, "can_not_use_instant_voice_cloning");
    FAKE.changeTo(Account.ofPlan("starter").withVoiceLimit(1));

    HttpResponse<byte[]> made = clone("me");
    String id = json(made).path("voice_id").asString();

    assertThat(json(made).path("requires_verification").asBoolean(true)).isFalse();
    assertRefused(clone("me, too"), 400, "voice_limit_reached");
    assertThat(json(get("/v1/voices/" + id)).path("name").asString()).isEqualTo("me");
    assertThat(post("/v1/text-to-speech/" + id, text("It is me.")).statusCode()).isEqualTo(200);
    JsonNode plan = json(get("/v1/user/subscription"));
    assertThat(plan.path("voice_slots_used").asInt()).isEqualTo(1);
    assertThat(plan.path("voice_limit").asInt()).isEqualTo(1);
    assertThat(plan.path("can_use_instant_voice_cloning").asBoolean()).isTrue();

    HttpResponse<byte[]> deleted = send(request("/v1/voices/" + id).DELETE());
    assertThat(json(deleted).path("status").asString()).isEqualTo("ok");
    assertRefused(send(request("/v1/voices/" + id).DELETE()), 404, "voice_not_found");
    assertRefused(post("/v1/text-to-speech/" + id, text("Still me.")), 404, "voice_not_found");
    assertThat(clone("me again").statusCode()).isEqualTo(200);
  }

  @Test
  void aFormThatIsNoneIsRefused() throws Exception {
    FAKE.changeTo(Account.ofPlan("starter"));
    for (String body :
        List.of(
            "",
            "--b",
            "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nme",
            "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nme\r\n--b--\r\n",
            "--b\r\n\r\nme\r\n--b--\r\n")) {
      assertThat(form("multipart/form-data; boundary=b", body).statusCode())
          .as(body)
          .isEqualTo(422);
    }
    assertThat(form("text/plain", "me").statusCode()).isEqualTo(422);
  }

  @Test
  void voicesComeInPagesAndCanBeLookedFor() throws Exception {
    JsonNode first = json(get("/v2/voices?page_size=4"));
    assertThat(first.path("voices")).hasSize(4);
    assertThat(first.path("total_count").asInt()).isEqualTo(10);
    assertThat(first.path("has_more").asBoolean()).isTrue();
    String token = first.path("next_page_token").asString();
    JsonNode last =
        json(
            get(
                "/v2/voices?page_size=4&next_page_token="
                    + json(get("/v2/voices?page_size=4&next_page_token=" + token))
                        .path("next_page_token")
                        .asString()));
    assertThat(last.path("voices")).hasSize(2);
    assertThat(last.path("has_more").asBoolean()).isFalse();
    assertThat(last.path("next_page_token").isNull()).isTrue();

    assertThat(json(get("/v2/voices?search=british")).path("voices"))
        .singleElement()
        .satisfies(voice -> assertThat(voice.path("name").asString()).isEqualTo("George"));
    assertThat(json(get("/v2/voices?category=cloned")).path("total_count").asInt()).isZero();
    assertThat(json(get("/v2/voices?voice_ids=" + RACHEL + "&voice_ids=x")).path("voices"))
        .hasSize(1);
    assertThat(get("/v2/voices?page_size=101").statusCode()).isEqualTo(422);
    assertThat(get("/v2/voices?next_page_token=x").statusCode()).isEqualTo(422);
  }

  @Test
  void modelsTellTheirLimits() throws Exception {
    assertThat(json(get("/v1/models")))
        .filteredOn(model -> model.path("model_id").asString().equals("eleven_flash_v2_5"))
        .singleElement()
        .satisfies(
            model -> {
              assertThat(model.path("maximum_text_length_per_request").asInt()).isEqualTo(40_000);
              assertThat(model.path("concurrency_group").asString()).isEqualTo("turbo");
            });
  }

  /** Each looks as its line in the table of errors says, switched on over HTTP. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SLOW_FIRST_BYTE", "SILENT", "STALL", "RESET", "ENDLESS", "IGNORED"})
  void aFaultIsSwitchedOnAndOff(Fault fault) throws Exception {
    put("{\"fault\":\"%s\",\"retry_after\":7,\"times\":1}".formatted(fault.code()), 200);

    HttpResponse<byte[]> refused = post(STREAM, text("a"));

    String body = new String(refused.body(), UTF_8);
    switch (fault) {
      case NO_DETAIL -> assertThat(refused.statusCode() + body).isEqualTo("500{}");
      case INVALID_REQUEST -> assertThat(json(refused).path("detail").isArray()).isTrue();
      case HTML_FORBIDDEN -> {
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(header(refused, "content-type")).isEqualTo("text/html");
      }
      case NO_AUDIO -> assertThat(refused.statusCode() + body).startsWith("200{");
      case EMPTY_AUDIO -> {
        assertThat(header(refused, "content-type")).isEqualTo("audio/mpeg");
        assertThat(body).isEmpty();
      }
      default -> {
        assertRefused(refused, refused.statusCode(), fault.code());
        assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(header(refused, "retry-after")).isEqualTo("7");
      }
    }
    assertThat(post(STREAM, text("a")).body()).isEqualTo(FAKE.audio(RACHEL, "a", "mp3_44100_128"));
  }

  @Test
  void anErrorCanHaveItsOlderShape() throws Exception {
    put("{\"fault\":\"quota_exceeded\",\"older_shape\":true,\"on\":\"%s\"}".formatted(RACHEL), 200);

    HttpResponse<byte[]> refused = post(SPEECH, text("a"));

    assertThat(json(get("/_faults")).path("on").path(RACHEL).path("fault").asString())
        .isEqualTo("quota_exceeded");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(json(refused).path("detail").propertyNames())
        .containsExactlyInAnyOrder("status", "message");
    assertThat(json(refused).at("/detail/status").asString()).isEqualTo("quota_exceeded");
  }

  @Test
  void audioCanBeLateBreakOffStallGoOnOrNotComeAtAll() throws Exception {
    put("{\"fault\":\"slow_first_byte\",\"milliseconds\":300}", 200);
    long start = System.nanoTime();
    assertThat(post(STREAM, text("a")).statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));

    put("{\"fault\":\"reset\"}", 200);
    byte[] whole = FAKE.audio(RACHEL, "Hello there.", "mp3_44100_128");
    try (InputStream half = listen(text("Hello there.")).body()) {
      // At once: a client drops what it has not read yet of an answer that breaks off.
      assertThatIOException().isThrownBy(half::readAllBytes);
    }

    put("{\"fault\":\"endless\"}", 200);
    try (InputStream endless = listen(text("Hello there.")).body()) {
      assertThat(endless.readNBytes(8 << 20)).hasSize(8 << 20);
    }

    for (String fault : List.of("silent", "stall")) {
      put("{\"fault\":\"%s\"}".formatted(fault), 200);
      try (InputStream some = listen(text("Hello there.")).body()) {
        int expected = fault.equals("silent") ? 0 : whole.length / 2;
        assertThat(some.readNBytes(expected)).hasSize(expected);
        Thread reader =
            Thread.ofVirtual().start(() -> assertThatIOException().isThrownBy(some::read));
        await().until(() -> reader.getState() == Thread.State.WAITING);
      }
    }

    put("{\"fault\":\"ignored\"}", 200);
    assertThatIOException()
        .isThrownBy(
            () ->
                CLIENT.send(
                    request(SPEECH)
                        .timeout(Duration.ofMillis(300))
                        .POST(BodyPublishers.ofString(text("a")))
                        .build(),
                    BodyHandlers.discarding()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"fault\":\"none\"}",
        "{\"fault\":7}",
        "{\"fault\":\"stall\",\"on\":\"../etc\"}",
        "{\"fault\":\"stall\",\"times\":0}",
        "{\"fault\":\"stall\",\"times\":1001}",
        "{\"fault\":\"stall\",\"times\":1.5}",
        "{\"fault\":\"stall\",\"times\":\"3\"}",
        "{\"fault\":\"stall\",\"times\":99999999999}",
        "{\"fault\":\"system_busy\",\"retry_after\":-1}",
        "{\"fault\":\"slow_first_byte\",\"milliseconds\":120001}",
        "{\"fault\":\"stall\",\"older_shape\":\"yes\"}",
        "{\"fault\":\"stall\",\"time\":3}"
      })
  void aSwitchThatIsNoneIsRefusedAndChangesNothing(String body) throws Exception {
    JsonNode problem = put(body, 400);

    assertThat(problem.path("detail").asString()).isNotEmpty();
    assertThat(json(get("/_faults")).path("on").isEmpty()).isTrue();
  }

  @Test
  void moreThanAHundredFaultsOrALongBodyAreRefused() throws Exception {
    for (int i = 0; i < 100; i++) {
      put("{\"fault\":\"stall\",\"on\":\"v%d\"}".formatted(i), 200);
    }
    put("{\"fault\":\"stall\",\"on\":\"another\"}", 400);
    put(" ".repeat(5_000) + "{\"fault\":\"stall\"}", 400);

    send(request("/_faults?on=v1").DELETE());
    assertThat(json(get("/_faults")).path("on").size()).isEqualTo(99);
    send(request("/_faults").DELETE());
    assertThat(json(get("/_faults")).path("on").isEmpty()).isTrue();
  }

  @Test
  void aCallOfTheListOrOfAClonesDeletionFailsWhenItIsTold() throws Exception {
    put("{\"fault\":\"no_detail\",\"on\":\"voices/delete\"}", 200);
    put("{\"fault\":\"system_busy\",\"on\":\"voices\",\"times\":1}", 200);
    put("{\"fault\":\"html_forbidden\",\"on\":\"models\"}", 200);

    assertThat(send(request("/v1/voices/" + RACHEL).DELETE()).statusCode()).isEqualTo(500);
    assertRefused(get("/v2/voices"), 429, "system_busy");
    assertThat(get("/v2/voices").statusCode()).isEqualTo(200);
    assertThat(get("/v1/models").statusCode()).isEqualTo(403);
    assertThat(post(SPEECH, text("a")).statusCode()).isEqualTo(200);
  }

  @Test
  void theRecordTellsHowLongSpeechesTookTogetherAlsoThoseUnderWay() throws Exception {
    FAKE.let(RACHEL, new Behaviour.SpeaksSlowly(Duration.ofMillis(50), Duration.ZERO));
    post(SPEECH, text("Hello."));
    post(SPEECH, text("Hello."));
    double said = json(get("/_record")).path("slot_seconds").asDouble();
    assertThat(said).isGreaterThanOrEqualTo(0.1);

    FAKE.let(RACHEL, new Behaviour.Stalls());
    try (InputStream _ = listen(text("Hello.")).body();
        InputStream _ = listen(text("Hello.")).body()) {
      await().until(() -> FAKE.slotSeconds() > said + 0.05);
      FAKE.endSilence();
    }
    assertThat(json(send(request("/_record").DELETE())).path("slot_seconds").asDouble()).isZero();
  }

  @Test
  void theRecordTellsWhatWasAskedButNoKey() throws Exception {
    post(STREAM + "?output_format=mp3_44100_64", text("Hello."));

    HttpResponse<byte[]> told = get("/_record");

    JsonNode record = json(told);
    assertThat(record.at("/speech/calls").asInt()).isEqualTo(1);
    assertThat(record.at("/speech/most_at_once").asInt()).isEqualTo(1);
    assertThat(record.path("voices").path(RACHEL).path("characters").asInt()).isEqualTo(6);
    assertThat(record.at("/requests/0").asString())
        .isEqualTo("POST " + STREAM + "?output_format=mp3_44100_64");
    assertThat(new String(told.body(), UTF_8)).doesNotContain("any key");
    assertThat(json(send(request("/_record").DELETE())).at("/speech/calls").asInt()).isZero();
  }

  private static String text(String text) {
    return "{\"text\":\"%s\",\"model_id\":\"%s\"}".formatted(text, MULTILINGUAL);
  }

  private static HttpResponse<byte[]> clone(String name) throws Exception {
    return form(
        "multipart/form-data; boundary=\"b-1\"",
        """
        --b-1
        Content-Disposition: form-data; name="name"

        %s
        --b-1
        Content-Disposition: form-data; name="files"; filename="blob"
        Content-Type: application/octet-stream

        RIFF\r\n\0\r\n--b-
        --b-1--
        """
            .formatted(name)
            .replaceAll("(?<!\r)\n", "\r\n"));
  }

  private static HttpResponse<byte[]> form(String type, String body) throws Exception {
    return send(
        request("/v1/voices/add").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode put(String fault, int status) throws Exception {
    HttpResponse<byte[]> answer = send(request("/_faults").PUT(BodyPublishers.ofString(fault)));
    assertThat(answer.statusCode()).as("%s", json(answer)).isEqualTo(status);
    return json(answer);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private static HttpResponse<byte[]> post(String path, String json) throws Exception {
    return send(request(path).POST(BodyPublishers.ofString(json)));
  }

  private static HttpResponse<InputStream> listen(String json) throws Exception {
    return CLIENT.send(
        request(STREAM).POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofInputStream());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(FAKE.baseUrl() + path))
        .header("xi-api-key", "any key");
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return JSON.readTree(answer.body());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static void assertRefused(HttpResponse<byte[]> answer, int status, String code) {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(status);
    assertThat(json(answer).at("/detail/code").asString()).isEqualTo(code);
  }
}
