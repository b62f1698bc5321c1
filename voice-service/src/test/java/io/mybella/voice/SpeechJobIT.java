package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static io.mybella.voice.VoiceApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.Pcm;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Long texts, spoken in the background with the default voice. */
class SpeechJobIT extends KeylessServiceTest {

  private static final String CARLA = TestTokens.bearer(701);
  private static final String DORA = TestTokens.bearer(702);
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Two pieces, of a few seconds each. */
  private static final String STORY =
      "Once upon a time there was a small robot. " + " \n".repeat(800) + "It learned to sing.";

  @Autowired JdbcClient database;
  @Autowired BlobStore blobs;

  @Test
  void aLongTextIsSpokenAndCanBeHeardFromAnywhere() {
    long persona = api.created(701L, null, CARLA);

    var accepted = ask(persona, STORY, CARLA);
    assertThat(accepted.statusCode()).isEqualTo(202);
    String job = json(accepted).get("id").asString();
    assertThat(header(accepted, "Location")).isEqualTo(path(persona) + "/" + job);
    JsonNode done = ended(persona, job, CARLA);

    assertThat(done.get("state").asString()).isEqualTo("completed");
    assertThat(done.get("progress").get("said").asInt()).isEqualTo(2);
    assertThat(done.get("progress").get("of").asInt()).isEqualTo(2);
    assertThat(done.get("voice_source").asString()).isEqualTo("default");
    assertThat(done.toString()).doesNotContain("robot");
    String audioPath = done.get("audio").get("url").asString();
    var audio = api.get(audioPath, CARLA);
    assertThat(audio.statusCode()).isEqualTo(200);
    assertThat(header(audio, "Content-Type")).isEqualTo("audio/mpeg");
    assertThat(header(audio, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(audio.body()).hasSize(done.get("audio").get("bytes").asInt());
    Pcm heard = DecodedMp3.decode(audio.body(), 48_000);
    assertThat(heard.seconds()).isBetween(2.5, 15.0);

    int middle = audio.body().length / 2;
    var rest = api.get(audioPath, CARLA, "Range", "bytes=" + middle + "-");
    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(rest.body())
        .isEqualTo(Arrays.copyOfRange(audio.body(), middle, audio.body().length));
    var two = api.get(audioPath, CARLA, "Range", "bytes=0-1");
    assertThat(two.body()).isEqualTo(Arrays.copyOf(audio.body(), 2));
    assertThat(header(two, "Content-Range")).isEqualTo("bytes 0-1/" + audio.body().length);
    var beyond = api.get(audioPath, CARLA, "Range", "bytes=999999999-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(header(beyond, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */" + audio.body().length);
    var known = api.get(audioPath, CARLA, "If-None-Match", header(audio, "ETag"));
    assertThat(known.statusCode()).isEqualTo(304);

    assertThat(events(persona))
        .containsExactly(EventTypes.SYNTHESIS_REQUESTED, EventTypes.SYNTHESIS_COMPLETED);

    assertThat(api.delete(path(persona) + "/" + job, CARLA).statusCode()).isEqualTo(204);
    assertThat(api.get(audioPath, CARLA).statusCode()).isEqualTo(404);
    await().atMost(LIMIT).until(() -> blobs.deleteAll("jobs/" + job + "/") == 0);
  }

  @Test
  void anothersJobIsNotThere() {
    // A persona for everybody: what is said to it is not.
    long persona = api.created(null, null, CARLA);
    String job = json(ask(persona, "For Carla alone.", CARLA)).get("id").asString();
    ended(persona, job, CARLA);

    for (String path : List.of(path(persona) + "/" + job, path(persona) + "/" + job + "/audio")) {
      assertThat(api.get(path, CARLA).statusCode()).isEqualTo(200);
      assertThat(api.get(path, DORA).statusCode()).isEqualTo(404);
    }
    assertThat(api.delete(path(persona) + "/" + job, DORA).statusCode()).isEqualTo(404);
    assertThat(json(api.get(path(persona), DORA)).get("jobs").size()).isZero();
    assertThat(json(api.get(path(persona), CARLA)).get("jobs").size()).isEqualTo(1);
    long other = api.created(701L, null, CARLA);
    assertThat(api.get(path(other) + "/" + job, CARLA).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"text\":\" \"}", "{\"text\":\"a\\u0000b\"}", "{\"text\":7", "[]"})
  void whatIsNoTextIsRefused(String body) {
    long persona = api.created(701L, null, CARLA);

    assertThat(api.post(path(persona), body, CARLA).statusCode()).isEqualTo(400);
    assertThat(json(api.get(path(persona), CARLA)).get("jobs").size()).isZero();
  }

  @Test
  void aTextIsLongButNotEndless() {
    long persona = api.created(701L, null, CARLA);

    var refused = ask(persona, "a".repeat(50_001), CARLA);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).toString()).contains("text has at most 50000 characters");
    assertThat(api.get(path(persona) + "/none", CARLA).statusCode()).isEqualTo(400);
    assertThat(api.get(path(persona) + "/" + UUID.randomUUID(), CARLA).statusCode()).isEqualTo(404);
  }

  @Test
  void whatNoVoiceCanSayFails() {
    long persona = api.created(701L, null, CARLA);

    String job = json(ask(persona, "你好", CARLA)).get("id").asString();
    JsonNode failed = ended(persona, job, CARLA);

    assertThat(failed.get("state").asString()).isEqualTo("failed");
    assertThat(failed.get("problem").asString()).isEqualTo("unspeakable_text");
    assertThat(api.get(path(persona) + "/" + job + "/audio", CARLA).statusCode()).isEqualTo(409);
    assertThat(events(persona))
        .containsExactly(EventTypes.SYNTHESIS_REQUESTED, EventTypes.SYNTHESIS_FAILED);
  }

  @Test
  void aUserMayHaveSoManyAndCanTakeThemBack() {
    String erna = TestTokens.bearer(703);
    long persona = api.created(703L, null, erna);
    String longText = "This takes a while to say, and nobody is in a hurry. ".repeat(400);

    List<HttpResponse<byte[]>> answers =
        IntStream.range(0, 21).mapToObj(i -> ask(persona, longText, erna)).toList();

    assertThat(answers).filteredOn(answer -> answer.statusCode() == 202).hasSize(20);
    var refused = answers.getLast();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "Retry-After")).isNotNull();
    for (var answer : answers.subList(0, 20)) {
      String job = json(answer).get("id").asString();
      assertThat(api.delete(path(persona) + "/" + job, erna).statusCode()).isEqualTo(204);
      assertThat(json(api.get(path(persona) + "/" + job, erna)).get("state").asString())
          .isEqualTo("cancelled");
    }
    assertThat(ask(persona, "Now there is room.", erna).statusCode()).isEqualTo(202);
    // The worker lets go of what was taken back, and turns to what is there.
    String last = json(api.get(path(persona), erna)).get("jobs").get(0).get("id").asString();
    assertThat(ended(persona, last, erna).get("state").asString()).isEqualTo("completed");
  }

  @Test
  void aDeletedPersonaSpeaksNoMore() {
    String fred = TestTokens.bearer(704);
    long persona = api.created(704L, null, fred);
    String done = json(ask(persona, "Goodbye.", fred)).get("id").asString();
    ended(persona, done, fred);
    String waiting =
        json(ask(persona, "And one more thing. ".repeat(500), fred)).get("id").asString();
    UUID erasure = UUID.randomUUID();

    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      api.deleted(persona, 704L, erasure, 2, UUID.randomUUID());
      JsonNode receipt = receipt(probe, persona, 1);
      assertThat(receipt.get("counts").get("speech_job").asInt()).isEqualTo(2);
      assertThat(jobs(persona)).isZero();
      for (String job : List.of(done, waiting)) {
        await().atMost(LIMIT).until(() -> blobs.deleteAll("jobs/" + job + "/") == 0);
      }
      assertThat(api.get(path(persona), fred).statusCode()).isEqualTo(404);

      // Told again, it is answered again, with the same sum.
      api.deleted(persona, 704L, erasure, 2, UUID.randomUUID());
      assertThat(receipt(probe, persona, 2).get("counts").get("speech_job").asInt()).isEqualTo(2);
    }
  }

  private static JsonNode receipt(KafkaProbe probe, long persona, int number) {
    List<JsonNode> receipts =
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    probe.all().stream()
                        .filter(KafkaProbe.ofType(EventTypes.PERSONA_ERASED))
                        .filter(record -> record.key().equals(Long.toString(persona)))
                        .map(record -> json(record.value()))
                        .toList(),
                found -> found.size() >= number);
    return receipts.get(number - 1);
  }

  private HttpResponse<byte[]> ask(long persona, String text, String bearer) {
    return api.post(
        path(persona), JsonMapper.shared().writeValueAsString(Map.of("text", text)), bearer);
  }

  private JsonNode ended(long persona, String job, String bearer) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> json(api.get(path(persona) + "/" + job, bearer)),
            found -> !List.of("queued", "running").contains(found.get("state").asString()));
  }

  private List<String> events(long persona) {
    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.VOICE_SYNTHESIS)) {
      return await()
          .atMost(LIMIT)
          .until(
              () ->
                  probe.all().stream()
                      .filter(record -> record.key().equals(Long.toString(persona)))
                      .map(record -> KafkaProbe.header(record, "ce_type"))
                      .toList(),
              found -> found.size() >= 2);
    }
  }

  private long jobs(long persona) {
    return database
        .sql("select count(*) from speech_job where persona_id = ?")
        .param(persona)
        .query(Long.class)
        .single();
  }

  private static String path(long persona) {
    return "/api/personas/" + persona + "/voice/jobs";
  }
}
