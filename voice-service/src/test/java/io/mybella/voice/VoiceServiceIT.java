package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static io.mybella.voice.VoiceApi.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.testing.ContractAssertions;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.RawRequest;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.sample.SoundFiles;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service without a key, on a real database and a real broker. */
class VoiceServiceIT extends KeylessServiceTest {

  private static final String WRONG_TYPE = "Invalid file type. Allowed: mp3, wav, ogg, m4a, flac";

  private static final String ANNA = TestTokens.bearer(7);
  private static final String BORIS = TestTokens.bearer(8);

  @Autowired JdbcClient database;
  @Autowired BlobStore blobs;
  @Autowired ApplicationContext context;

  @Test
  void servesItsPartOfTheContract() {
    ContractAssertions.assertServesItsPartOfTheContract(context, "voice");
  }

  @Test
  void listensToItsPartOfTheContract() {
    ContractAssertions.assertListensToItsPartOfTheContract(context);
  }

  @Test
  void tellsItsPartOfTheContract() {
    ContractAssertions.assertTellsItsPartOfTheContract(context);
  }

  @Test
  void nothingIsAnsweredWithoutAToken() {
    assertThat(api.get("/api/personas/voice-presets", null).statusCode()).isEqualTo(401);
    assertThat(api.speak(1, "Hello", null).statusCode()).isEqualTo(401);
    assertThat(api.upload(1, "a.wav", SoundFiles.wav(2), null).statusCode()).isEqualTo(401);
  }

  @Test
  void theNinePresetsAreListedWithPreviews() {
    var presets = json(api.get("/api/personas/voice-presets", ANNA));

    assertThat(presets.size()).isEqualTo(9);
    assertThat(presets.get(0).toString())
        .isEqualTo(
            "{\"id\":\"21m00Tcm4TlvDq8ikWAM\",\"name\":\"Rachel\",\"description\":\"Calm, clear and"
                + " warm\",\"preview_url\":\"/api/personas/voice-presets/21m00Tcm4TlvDq8ikWAM/preview\","
                + "\"available\":true,\"suggestion\":null}");
  }

  @Test
  void aPreviewSaysThatTheDefaultVoiceSpeaksInPlaceOfThePreset() {
    var preview = api.get("/api/personas/voice-presets/21m00Tcm4TlvDq8ikWAM/preview", ANNA);

    assertThat(preview.statusCode()).isEqualTo(200);
    assertThat(header(preview, "Content-Type")).isEqualTo("audio/mpeg");
    assertThat(header(preview, "X-Voice-Source")).isEqualTo("default");
    assertThat(header(preview, "X-Voice-Fallback")).isEqualTo("no_api_key");
    assertThat(DecodedMp3.decode(preview.body(), 48_000).seconds()).isBetween(1.5, 8.0);
    assertThat(api.get("/api/personas/voice-presets/nobody/preview", ANNA).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aPersonaSpeaksAudiblyWithoutAKey() {
    long persona = api.created(7L, "EXAVITQu4vr4xnSDxMaL", ANNA);

    var first = api.speak(persona, "Hello Anna, how was your day? Tell me everything.", ANNA);
    var second = api.speak(persona, "Hello Anna, how was your day? Tell me everything.", ANNA);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(header(first, "Content-Type")).isEqualTo("audio/mpeg");
    assertThat(header(first, "X-Voice-Source")).isEqualTo("default");
    assertThat(header(first, "X-Voice-Fallback")).isEqualTo("no_api_key");
    assertThat(header(first, "X-Voice-Cache")).isEqualTo("miss");
    Pcm heard = DecodedMp3.decode(first.body(), 48_000);
    assertThat(heard.seconds()).isBetween(2.0, 8.0);
    assertThat(DecodedMp3.energy(heard)).isBetween(0.02, 0.4);
    assertThat(header(second, "X-Voice-Cache")).isEqualTo("hit");
    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void aPersonaWithoutAPresetFallsBackFromNothing() throws IOException {
    long persona = api.created(7L, null, ANNA);
    var wav =
        api.post(
            "/api/personas/" + persona + "/voice/speech",
            "{\"text\":\"Good evening.\",\"format\":\"wav\"}",
            ANNA);

    assertThat(header(wav, "Content-Type")).isEqualTo("audio/wav");
    assertThat(header(wav, "X-Voice-Fallback")).isNull();
    assertThat(Pcm.fromWav(wav.body()).seconds()).isBetween(0.4, 3.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"text\":\"\"}",
        "{\"text\":\"   \"}",
        "{\"text\":null}",
        "{\"text\":\"a\\u0000b\"}",
        "{\"text\":\"a\\ud800b\"}",
        "{\"text\":\"a\",\"format\":\"exe\"}",
        "{\"text\":",
        "[]"
      })
  void badRequestsToSpeakAreRefused(String body) {
    long persona = systemPersona();
    var refused = api.post("/api/personas/" + persona + "/voice/speech", body, ANNA);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(header(refused, "Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void theLengthOfATextIsLimited() {
    long persona = systemPersona();
    assertThat(api.speak(persona, "a".repeat(5001), ANNA).statusCode()).isEqualTo(400);
  }

  @Test
  void aTextOfFullLengthIsTakenHoweverItIsWrittenAndALongerBodyIsNotRead() {
    String path = "/api/personas/" + systemPersona() + "/voice/speech";
    String json = "{\"text\":\"%s\"}";

    // All that is said of it is that it cannot be said.
    assertThat(api.post(path, json.formatted("\\u4f60".repeat(5_000)), ANNA).statusCode())
        .isEqualTo(422);
    assertThat(api.post(path, json.formatted("a".repeat(64 * 1024)), ANNA).statusCode())
        .isEqualTo(413);
    assertThat(
            new RawRequest(port, "POST " + path, ANNA, "application/json")
                .endless("{\"text\":\"".getBytes(UTF_8), new byte[64 * 1024], 64L << 20))
        .isLessThan(64L << 20);
  }

  @Test
  void textThatNoVoiceCanSayIsNotAnsweredWithEmptyAudio() {
    var refused = api.speak(systemPersona(), "你好", ANNA);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(json(refused).get("error").asString()).isNotBlank();
  }

  @Test
  void anotherUsersPersonaIsTheSame404AsAMissingOne() {
    long persona = api.created(7L, null, ANNA);
    long missing = VoiceApi.freshId();

    for (long id : new long[] {persona, missing}) {
      for (HttpResponse<byte[]> refused :
          List.of(
              api.get("/api/personas/" + id + "/voice", BORIS),
              api.delete("/api/personas/" + id + "/voice", BORIS),
              api.speak(id, "Hello", BORIS),
              api.upload(id, "a.wav", SoundFiles.wav(2), BORIS))) {
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(json(refused).get("error").asString()).isEqualTo("Persona not found");
      }
    }
  }

  @Test
  void aSystemPersonaSpeaksButKeepsItsVoice() {
    long persona = systemPersona();

    assertThat(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA).statusCode()).isEqualTo(403);
    assertThat(api.delete("/api/personas/" + persona + "/voice", ANNA).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone.wav", "tone.mp3", "tone.flac"})
  void soundIsAcceptedWhateverItsName(String name) {
    long persona = api.created(7L, null, ANNA);
    byte[] file = SoundFiles.read(name);

    var uploaded = api.upload(persona, "../../etc/passwd%00.exe", file, ANNA);

    assertThat(uploaded.statusCode()).isEqualTo(200);
    assertThat(json(uploaded).get("message").asString())
        .isEqualTo("Custom voice uploaded successfully!");
    assertThat(json(uploaded).get("status").asString()).isEqualTo("stored");
    String url = json(uploaded).get("voice_url").asString();
    assertThat(url).matches("voices/" + persona + "/[0-9a-f-]{36}\\.(wav|mp3|flac)");
    assertThat(blobs.get(url)).hasValueSatisfying(kept -> assertThat(kept).isEqualTo(file));

    var voice = json(api.get("/api/personas/" + persona + "/voice", ANNA));
    assertThat(voice.get("source").asString()).isEqualTo("default");
    assertThat(voice.get("reason").asString()).isEqualTo("no_api_key");
    assertThat(voice.get("custom_voice").get("duration_ms").asInt()).isBetween(1350, 1650);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone.ogg", "tone.opus", "tone.m4a", "tone.webm", "recorded.mp4"})
  void whatCannotBeReadWithoutFfmpegIsRefusedWithTheReason(String name) {
    long persona = api.created(7L, null, ANNA);

    var refused = api.upload(persona, "voice.mp3", SoundFiles.read(name), ANNA);

    assertThat(refused.statusCode()).isEqualTo(415);
    assertThat(header(refused, "Content-Type")).startsWith("application/problem+json");
    assertThat(json(refused).get("error").asString())
        .matches("This server cannot read (ogg|m4a|webm) files, because it has no ffmpeg.*");
    assertThat(blobs.deleteAll("voices/" + persona + "/")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"not a sound", "#EXTM3U\nfile:///etc/passwd\n", "ffconcat version 1.0\nfile x\n"})
  void whatIsNoSoundIsRefusedAndLeavesNothingBehind(String content) {
    long persona = api.created(7L, null, ANNA);

    var refused = api.upload(persona, "voice.mp3", content.getBytes(StandardCharsets.UTF_8), ANNA);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).get("error").asString()).isEqualTo(WRONG_TYPE);
    assertThat(blobs.deleteAll("voices/" + persona + "/")).isZero();
  }

  @Test
  void aMissingOrEmptyFileIsRefused() {
    long persona = api.created(7L, null, ANNA);

    for (byte[] file : Arrays.asList(null, new byte[0])) {
      var refused = api.upload(persona, "voice.mp3", file, ANNA);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(json(refused).get("error").asString()).isEqualTo("No voice file provided");
    }
  }

  @Test
  void lengthAndSizeAreLimited() {
    long persona = api.created(7L, null, ANNA);

    assertThat(api.upload(persona, "a.wav", SoundFiles.wav(0.5), ANNA).statusCode()).isEqualTo(400);
    assertThat(api.upload(persona, "a.wav", SoundFiles.wav(181), ANNA).statusCode()).isEqualTo(400);
    assertThat(api.upload(persona, "a.wav", new byte[10_485_761], ANNA).statusCode())
        .isEqualTo(413);
  }

  @Test
  void aNewSampleReplacesTheFormerAndBothAreTold() {
    long persona = api.created(7L, null, ANNA);
    String first = url(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA));
    String second = url(api.upload(persona, "a.wav", SoundFiles.wav(3), ANNA));

    assertThat(blobs.get(first)).isEmpty();
    assertThat(blobs.get(second)).isPresent();
    assertThat(api.delete("/api/personas/" + persona + "/voice", ANNA).statusCode()).isEqualTo(204);
    assertThat(api.delete("/api/personas/" + persona + "/voice", ANNA).statusCode()).isEqualTo(204);
    assertThat(blobs.get(second)).isEmpty();
    assertThat(
            json(api.get("/api/personas/" + persona + "/voice", ANNA)).get("custom_voice").isNull())
        .isTrue();
    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.VOICE_CHANGED)) {
      var told =
          probe.await(
              record ->
                  KafkaProbe.ofType(EventTypes.CUSTOM_VOICE_CHANGED).test(record)
                      && record.key().equals(Long.toString(persona)),
              3,
              Duration.ofSeconds(30));
      assertThat(told)
          .extracting(
              record ->
                  json(record.value()).get("version").asInt()
                      + ":"
                      + json(record.value()).get("has_custom_voice").asBoolean())
          .containsExactly("1:true", "2:true", "3:false");
      assertThat(json(told.getFirst().value()).get("owner_user_id").asLong()).isEqualTo(7);
    }
  }

  @Test
  void aPersonaWhoseEventIsStillUnderWayIsAskedForOnce() {
    long persona = VoiceApi.freshId();
    PERSONA_SERVICE.knows(
        persona, "{\"id\":1,\"name\":\"New\",\"voice_id\":null,\"is_custom\":true}");

    assertThat(api.get("/api/personas/" + persona + "/voice", ANNA).statusCode()).isEqualTo(200);
    assertThat(PERSONA_SERVICE.askedWith(persona)).isEqualTo(ANNA);
    PERSONA_SERVICE.forgets(persona);
    assertThat(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA).statusCode()).isEqualTo(200);
    assertThat(api.get("/api/personas/" + persona + "/voice", BORIS).statusCode()).isEqualTo(404);
  }

  @Test
  void anOlderEventDoesNotUndoANewerOne() {
    long persona = api.created(7L, null, ANNA);
    api.changed(persona, 8L, null, 5, UUID.randomUUID());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.get("/api/personas/" + persona + "/voice", BORIS).statusCode() == 200);

    api.changed(persona, 7L, null, 4, UUID.randomUUID());
    settle(persona);

    assertThat(api.get("/api/personas/" + persona + "/voice", BORIS).statusCode()).isEqualTo(200);
    assertThat(api.get("/api/personas/" + persona + "/voice", ANNA).statusCode()).isEqualTo(404);
  }

  @Test
  void aDeletedPersonaIsErasedWithAReceiptAndNeverComesBack() {
    long persona = api.created(7L, null, ANNA);
    String url = url(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA));
    assertThat(api.speak(persona, "Remember this.", ANNA).statusCode()).isEqualTo(200);
    UUID erasure = UUID.randomUUID();
    UUID event = UUID.randomUUID();

    api.deleted(persona, 7L, erasure, 9, event);
    api.deleted(persona, 7L, erasure, 9, event); // delivered twice

    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      var receipt =
          probe
              .await(
                  record ->
                      KafkaProbe.ofType(EventTypes.PERSONA_ERASED).test(record)
                          && record.key().equals(Long.toString(persona)),
                  Duration.ofSeconds(30))
              .getFirst();
      var data = json(receipt.value());
      assertThat(data.get("erasure_id").asString()).isEqualTo(erasure.toString());
      assertThat(data.get("service").asString()).isEqualTo("voice-service");
      assertThat(data.get("counts").get("voice_sample").asLong()).isEqualTo(1);
      assertThat(data.get("counts").get("blob").asLong()).isEqualTo(1);
      assertThat(data.get("counts").get("cached_audio").asLong()).isEqualTo(1);
      assertThat(blobs.get(url)).isEmpty();
      assertThat(rows("select count(*) from voice_sample where persona_id = ?", persona)).isZero();

      // Neither a late event nor persona-service itself revives it, and the receipt came once.
      PERSONA_SERVICE.knows(
          persona, "{\"id\":1,\"name\":\"X\",\"voice_id\":null,\"is_custom\":true}");
      api.changed(persona, 7L, null, 12, UUID.randomUUID());
      settle(persona);
      assertThat(api.speak(persona, "Remember this.", ANNA).statusCode()).isEqualTo(404);
      assertThat(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA).statusCode()).isEqualTo(404);
      assertThat(
              probe.all().stream()
                  .filter(record -> record.key().equals(Long.toString(persona)))
                  .count())
          .isEqualTo(1);
    }
    assertThat(
            rows(
                "select count(*) from known_persona where persona_id = ? and state = 'deleted' and"
                    + " name is null",
                persona))
        .isEqualTo(1);
  }

  /** Waits until all that was told of a persona so far has had its effect: same key, same order. */
  private void settle(long persona) {
    UUID last = UUID.randomUUID();
    api.changed(persona, 7L, null, 2, last);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                database
                        .sql("select count(*) from inbox_event where event_id = ?")
                        .param(last)
                        .query(Long.class)
                        .single()
                    == 1);
  }

  private long rows(String sql, long persona) {
    return database.sql(sql).param(persona).query(Long.class).single();
  }

  private long systemPersona() {
    return api.created(null, "EXAVITQu4vr4xnSDxMaL", ANNA);
  }

  private static String url(HttpResponse<byte[]> uploaded) {
    assertThat(uploaded.statusCode()).isEqualTo(200);
    return json(uploaded).get("voice_url").asString();
  }
}
