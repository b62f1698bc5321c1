package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static io.mybella.voice.VoiceApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.sample.SoundFiles;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;

/** The service with a key, against a stand-in for ElevenLabs. */
class ElevenLabsIT extends ElevenLabsServiceTest {

  private static final String BELLA = "EXAVITQu4vr4xnSDxMaL";
  private static final String ANNA = TestTokens.bearer(7);
  private static final String BORIS = TestTokens.bearer(8);

  @Test
  void aPresetSpeaksThroughElevenLabsAndItsAudioIsKept(CapturedOutput log) {
    long persona = api.created(7L, BELLA, ANNA);

    var spoken = api.speak(persona, "Hello there.", ANNA);
    var again = api.speak(persona, "Hello there.", ANNA);

    assertThat(spoken.statusCode()).isEqualTo(200);
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("preset");
    assertThat(header(spoken, "X-Voice-Fallback")).isNull();
    assertThat(spoken.body()).isEqualTo(ELEVEN_LABS.audio(BELLA, "Hello there.", "mp3_44100_128"));
    assertThat(header(again, "X-Voice-Cache")).isEqualTo("hit");
    assertThat(again.body()).isEqualTo(spoken.body());
    var requests = ELEVEN_LABS.requests("/v1/text-to-speech/" + BELLA + "/stream");
    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst().key()).isEqualTo(KEY);
    assertThat(json(requests.getFirst().body()).get("text").asString()).isEqualTo("Hello there.");
    assertThat(json(requests.getFirst().body()).get("model_id").asString())
        .isEqualTo("eleven_flash_v2_5");
    assertThat(log.getAll()).doesNotContain(KEY).doesNotContain("Hello there.");
  }

  @Test
  void wavIsMadeOfSamples() throws IOException {
    long persona = api.created(7L, BELLA, ANNA);
    var spoken =
        api.post(
            "/api/personas/" + persona + "/voice/speech",
            "{\"text\":\"Hello.\",\"format\":\"wav\"}",
            ANNA);

    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("preset");
    Pcm pcm = Pcm.fromWav(spoken.body());
    assertThat(pcm.sampleRate()).isEqualTo(24_000);
    assertThat(pcm.seconds()).isEqualTo(0.5);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new Behaviour.Fails(401, "quota_exceeded"), "quota_exceeded"),
        Arguments.of(new Behaviour.FailsAsBefore(401, "invalid_api_key"), "invalid_api_key"),
        Arguments.of(new Behaviour.Fails(402, "paid_plan_required"), "paid_plan_required"),
        Arguments.of(new Behaviour.FailsAsBefore(404, "voice_not_found"), "voice_not_found"),
        Arguments.of(new Behaviour.Fails(429, "system_busy"), "system_busy"),
        Arguments.of(new Behaviour.Answers(403, "text/html", "<html>no</html>"), "upstream_403"),
        Arguments.of(new Behaviour.Answers(500, "application/json", "{}"), "upstream_500"),
        Arguments.of(
            new Behaviour.Answers(422, "application/json", "{\"detail\":[{\"msg\":\"m\"}]}"),
            "invalid_request"),
        Arguments.of(
            new Behaviour.Answers(200, "application/json", "{\"detail\":\"odd\"}"),
            "upstream_no_audio"),
        Arguments.of(new Behaviour.Answers(200, "audio/mpeg", ""), "upstream_no_audio"),
        Arguments.of(new Behaviour.StaysSilent(), "upstream_timeout"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whateverFailsBeforeTheFirstSoundGivesWayToTheDefaultVoice(Behaviour failure, String reason) {
    // Each has a preset of its own: one that is not found is not asked for again.
    String preset = "preset-" + reason;
    long persona = api.created(7L, preset, ANNA);
    ELEVEN_LABS.let(preset, failure);

    var spoken = api.speak(persona, "Say something.", ANNA);

    assertThat(spoken.statusCode()).isEqualTo(200);
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("default");
    assertThat(header(spoken, "X-Voice-Fallback")).isEqualTo(reason);
    assertThat(spoken.body()).hasSizeGreaterThan(3_000);
  }

  @Test
  void oneFaultIsRepeatedOnce() {
    long persona = api.created(7L, BELLA, ANNA);
    ELEVEN_LABS.let(
        BELLA, new Behaviour.FailsAtFirst(1, new Behaviour.Answers(500, "application/json", "{}")));

    assertThat(header(api.speak(persona, "Once more.", ANNA), "X-Voice-Source"))
        .isEqualTo("preset");
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech")).hasSize(2);
  }

  @Test
  void aSpeechThatBreaksOffEndsAsAnErrorTheListenerCanSee() throws IOException {
    long persona = api.created(7L, BELLA, ANNA);
    CountDownLatch now = new CountDownLatch(1);
    ELEVEN_LABS.let(BELLA, new Behaviour.BreaksOff(now));

    var spoken = api.listen(persona, "Half of this.", ANNA);
    try (InputStream audio = spoken.body()) {
      assertThat(header(spoken, "X-Voice-Source")).isEqualTo("preset");
      assertThat(audio.readNBytes(1000)).hasSize(1000);
      now.countDown();
      assertThatIOException().isThrownBy(audio::readAllBytes);
    }

    // What was cut off is not kept.
    ELEVEN_LABS.let(BELLA, new Behaviour.Speaks());
    assertThat(header(api.speak(persona, "Half of this.", ANNA), "X-Voice-Cache"))
        .isEqualTo("miss");
  }

  @Test
  void aRefusedKeyIsNotTriedAgainForEveryListener() {
    long persona = api.created(7L, BELLA, ANNA);
    ELEVEN_LABS.let(BELLA, new Behaviour.Fails(401, "invalid_api_key"));

    api.speak(persona, "First.", ANNA);
    var second = api.speak(persona, "Second.", ANNA);

    assertThat(header(second, "X-Voice-Fallback")).isEqualTo("invalid_api_key");
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech")).hasSize(1);
    assertThat(breakers.circuitBreaker("elevenlabs").getState())
        .isEqualTo(CircuitBreaker.State.OPEN);
  }

  @Test
  void aRunOfFaultsOpensTheBreaker() {
    long persona = api.created(7L, BELLA, ANNA);
    ELEVEN_LABS.let(BELLA, new Behaviour.Answers(503, "text/plain", "down"));

    for (int i = 0; i < 5; i++) {
      assertThat(header(api.speak(persona, "Try " + i, ANNA), "X-Voice-Fallback"))
          .isEqualTo("upstream_503");
    }

    assertThat(breakers.circuitBreaker("elevenlabs").getState())
        .isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech").size()).isLessThan(10);
  }

  @Test
  void aConsentedSampleIsClonedSpeaksFirstAndGivesWayToThePreset() {
    long persona = api.created(7L, BELLA, ANNA);

    var uploaded = api.upload(persona, "me.wav", SoundFiles.wav(2), "true", ANNA);

    assertThat(json(uploaded).get("status").asString()).isEqualTo("waiting");
    String clone = cloneOf(persona, ANNA);
    assertThat(ELEVEN_LABS.requests("/v1/voices/add").getFirst().text())
        .contains("name=\"name\"", "name=\"files\"", "RIFF");
    var spoken = api.speak(persona, "It is me.", ANNA);
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("custom");
    ELEVEN_LABS.let(clone, new Behaviour.Fails(404, "voice_not_found"));
    var fallback = api.speak(persona, "It is still me.", ANNA);
    assertThat(header(fallback, "X-Voice-Source")).isEqualTo("preset");
    assertThat(header(fallback, "X-Voice-Fallback")).isEqualTo("voice_not_found");

    // Somebody else who learned the id of the clone must not speak with it.
    long thief = api.created(8L, clone, BORIS);
    var stolen = api.speak(thief, "I am Anna.", BORIS);
    assertThat(header(stolen, "X-Voice-Source")).isEqualTo("default");
  }

  @Test
  void withoutConsentASampleIsKeptButNotCloned() {
    long persona = api.created(7L, BELLA, ANNA);
    var uploaded = api.upload(persona, "me.wav", SoundFiles.wav(2), ANNA);

    assertThat(json(uploaded).get("status").asString()).isEqualTo("stored");
    var spoken = api.speak(persona, "Not cloned.", ANNA);
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("preset");
    assertThat(header(spoken, "X-Voice-Fallback")).isEqualTo("no_consent");
    assertThat(ELEVEN_LABS.requests("/v1/voices/add")).isEmpty();
  }

  @Test
  void theReceiptOfAnErasureWaitsForTheClone() {
    long persona = api.created(7L, null, ANNA);
    api.upload(persona, "me.wav", SoundFiles.wav(2), "true", ANNA);
    String clone = cloneOf(persona, ANNA);
    ELEVEN_LABS.let(
        "voices/delete",
        new Behaviour.FailsAtFirst(1, new Behaviour.Answers(500, "application/json", "{}")));
    UUID erasure = UUID.randomUUID();

    api.deleted(persona, 7L, erasure, 2, UUID.randomUUID());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !ELEVEN_LABS.requests("/v1/voices/" + clone).isEmpty());

    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      assertThat(probe.all()).noneMatch(record -> record.key().equals(Long.toString(persona)));
      Awaitility.await().until(() -> repeatRemovals() == 1);
      var receipt =
          probe
              .await(
                  record ->
                      KafkaProbe.ofType(EventTypes.PERSONA_ERASED).test(record)
                          && record.key().equals(Long.toString(persona)),
                  Duration.ofSeconds(60))
              .getFirst();
      assertThat(json(receipt.value()).get("erasure_id").asString()).isEqualTo(erasure.toString());
      assertThat(json(receipt.value()).get("counts").get("clone").asLong()).isEqualTo(1);
    }
  }

  @Test
  void presetsComeFromTheAccountWithoutAnybodysClones() {
    ELEVEN_LABS.hasVoice(
        """
        {"voice_id":"v1","name":"One","category":"premade","preview_url":"%s"}\
        """
            .formatted(ELEVEN_LABS.previewUrl("v1")));
    ELEVEN_LABS.hasVoice("{\"voice_id\":\"v2\",\"name\":\"Private\",\"category\":\"cloned\"}");
    ELEVEN_LABS.hasVoice(
        """
        {"voice_id":"%s","name":"Sarah","category":"premade","preview_url":"http://127.0.0.1:1/",\
        "labels":{"age":"young","gender":"female"}}\
        """
            .formatted(BELLA));

    var presets = json(api.get("/api/personas/voice-presets", ANNA)).toString();

    assertThat(presets)
        .contains("\"v1\"", "Sarah", "young")
        .doesNotContain("Private")
        .contains("{\"id\":\"21m00Tcm4TlvDq8ikWAM\",\"name\":\"Rachel\"")
        .contains("\"available\":false,\"suggestion\":\"" + BELLA + "\"");

    // A recording of ElevenLabs' costs nothing; where it lies elsewhere the voice speaks.
    var recorded = api.get("/api/personas/voice-presets/v1/preview", ANNA);
    assertThat(header(recorded, "X-Voice-Source")).isEqualTo("preset");
    assertThat(recorded.body()).isEqualTo(ELEVEN_LABS.audio("v1", "x".repeat(20), "mp3_44100_128"));
    assertThat(api.get("/api/personas/voice-presets/v1/preview", ANNA).body())
        .isEqualTo(recorded.body());
    assertThat(ELEVEN_LABS.requests("/previews/"))
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.key()).as("the key is not shown to whoever keeps it").isNull());
    assertThat(ELEVEN_LABS.tally().calls()).isZero();
    var spoken = api.get("/api/personas/voice-presets/" + BELLA + "/preview", ANNA);
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("preset");
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech/" + BELLA)).hasSize(1);

    // One that is gone when it is to speak is not asked for again, and another one is suggested.
    ELEVEN_LABS.let("v1", new Behaviour.Fails(404, "voice_not_found"));
    long persona = api.created(7L, "v1", ANNA);
    api.speak(persona, "Are you there?", ANNA);
    api.speak(persona, "Are you still there?", ANNA);
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech/v1")).hasSize(1);
    assertThat(
            json(api.get("/api/personas/voice-presets", ANNA))
                .valueStream()
                .filter(preset -> preset.get("id").asString().equals("v1")))
        .singleElement()
        .satisfies(
            gone -> {
              assertThat(gone.get("available").asBoolean()).isFalse();
              assertThat(gone.get("suggestion").asString()).isEqualTo(BELLA);
            });
  }
}
