package io.mybella.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.TestTokens;
import io.mybella.voice.sample.SoundFiles;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Voice samples of an old installation, handed over by the operator. */
class SampleImportIT extends KeylessServiceTest {

  private static final String OPERATOR = "Bearer " + TestTokens.OPERATOR;
  private static final AtomicLong USERS = new AtomicLong(610_000);

  private final long user = USERS.incrementAndGet();
  private final String token = TestTokens.bearer(user);

  @Test
  void aSampleComesAlongOnceWithoutConsentAndStaysDeleted() {
    long persona = api.created(user, null, token);
    byte[] sample = SoundFiles.wav(2);

    JsonNode first = one(give(persona, "voices:1", sample));
    JsonNode again = one(give(persona, "voices:1", sample));
    JsonNode other = one(give(persona, "voices:2", sample));

    assertThat(first.get("outcome").asString()).isEqualTo("imported");
    assertThat(again.get("outcome").asString()).isEqualTo("present");
    assertThat(again.has("reason")).isFalse();
    assertThat(other.get("reason").asString()).isEqualTo("the persona has a sample already");
    JsonNode voice = VoiceApi.json(api.get("/api/personas/" + persona + "/voice", token));
    assertThat(voice.toString()).contains("\"consent\":false", "stored");
    assertThat(api.delete("/api/personas/" + persona + "/voice", token).statusCode())
        .isEqualTo(204);
    assertThat(one(give(persona, "voices:1", sample)).get("reason").asString())
        .startsWith("deleted here since");
  }

  @Test
  void aPersonaIsAskedForAgainUntilItIsKnownAndNobodyElsesIsTaken() {
    long unknown = VoiceApi.freshId();
    byte[] sample = SoundFiles.wav(2);
    assertThat(give(unknown, "voices:1", sample).statusCode()).isEqualTo(409);

    long shared = api.created(null, null, token);
    long foreign = api.created(user + 500_000, null, TestTokens.bearer(user + 500_000));
    for (long persona : new long[] {shared, foreign}) {
      assertThat(one(give(persona, "voices:" + persona, sample)).get("outcome").asString())
          .isEqualTo("skipped");
    }

    long deleted = api.created(user, null, token);
    api.deleted(deleted, user, UUID.randomUUID(), 2, UUID.randomUUID());
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        one(give(
                                deleted, "voices:" + deleted, "x".getBytes(StandardCharsets.UTF_8)))
                            .get("reason")
                            .asString())
                    .startsWith("deleted here since"));
  }

  @Test
  void whatIsNoSampleIsRefusedInPlainWords() {
    long persona = api.created(user, null, token);

    JsonNode junk = one(give(persona, "voices:1", "no sound".getBytes(StandardCharsets.UTF_8)));
    JsonNode large = one(give(persona, "voices:1", new byte[10 * 1024 * 1024 + 1]));

    assertThat(junk.get("reason").asString()).startsWith("Invalid file type");
    assertThat(large.get("reason").asString()).contains("larger than 10 MB");
    assertThat(give(persona, "voices:1", new byte[11 * 1024 * 1024 + 1]).statusCode())
        .isEqualTo(413);
    assertThat(give(persona, "voices:1", new byte[0]).statusCode()).isEqualTo(400);
    assertThat(give(persona, "a=b", SoundFiles.wav(2)).statusCode()).isEqualTo(400);
    assertThat(
            api.post("/internal/import/samples/0/0?key=preflight:0", new byte[0], OPERATOR)
                .statusCode())
        .isEqualTo(400);
    assertThat(
            api.post(path(persona, "voices:1"), SoundFiles.wav(2), TestTokens.admin(1))
                .statusCode())
        .isEqualTo(401);
    assertThat(one(give(persona, "voices:1", SoundFiles.wav(2))).get("outcome").asString())
        .isEqualTo("imported");
  }

  /** Of an installation that no other test has. */
  private String path(long persona, String key) {
    return "/internal/import/samples/%d/%d?source=file-%d&key=%s"
        .formatted(user, persona, user, key);
  }

  private HttpResponse<byte[]> give(long persona, String key, byte[] file) {
    return api.post(path(persona, key), file, OPERATOR);
  }

  private static JsonNode one(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    JsonNode results = VoiceApi.json(answer).get("results");
    assertThat(results).hasSize(1);
    return results.get(0);
  }
}
