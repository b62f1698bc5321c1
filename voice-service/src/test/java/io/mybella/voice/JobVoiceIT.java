package io.mybella.voice;

import static io.mybella.voice.VoiceApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.TestTokens;
import io.mybella.fakeelevenlabs.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The voice of a long text: the persona's own, and one from the beginning to the end. */
class JobVoiceIT extends ElevenLabsServiceTest {

  private static final String BELLA = "EXAVITQu4vr4xnSDxMaL";

  /** Lost here, and with it for all tests of this service. */
  private static final String ANTONI = "ErXwobaYiN019PkySvjV";

  private static final String GERDA = TestTokens.bearer(711);
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  void aLongTextIsSpokenWithThePersonasOwnVoice() {
    long persona = api.created(711L, BELLA, GERDA);

    String job = ask(persona, "One. " + " ".repeat(800) + "Two. " + " ".repeat(800) + "Three.");
    JsonNode done = ended(persona, job);

    assertThat(done.get("state").asString()).isEqualTo("completed");
    assertThat(done.get("voice_source").asString()).isEqualTo("preset");
    assertThat(done.get("fallback").isNull()).isTrue();
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech")).hasSize(3);
  }

  /**
   * The second and the third piece are asked for one after the other, so one of them is refused.
   */
  @Test
  void whenItsVoiceIsLostMidwayItIsSpokenAnewWithAnother() {
    long persona = api.created(711L, ANTONI, GERDA);
    ELEVEN_LABS.let(
        ANTONI, new Behaviour.SpeaksSlowly(Duration.ofMillis(300), Duration.ofMillis(20)));

    String job = ask(persona, "Four. " + " ".repeat(800) + "Five. " + " ".repeat(800) + "Six.");
    await().atMost(LIMIT).until(() -> find(persona, job).at("/progress/said").asInt() >= 1);
    ELEVEN_LABS.let(ANTONI, new Behaviour.Fails(404, "voice_not_found"));
    JsonNode done = ended(persona, job);

    assertThat(done.get("state").asString()).isEqualTo("completed");
    assertThat(done.get("voice_source").asString()).isEqualTo("default");
    assertThat(done.get("fallback").asString()).isEqualTo("voice_not_found");
    assertThat(done.at("/progress/said").asInt()).isEqualTo(3);
    assertThat(done.get("attempts").asInt()).isEqualTo(2);
  }

  private String ask(long persona, String text) {
    return json(api.post(
            path(persona), JsonMapper.shared().writeValueAsString(Map.of("text", text)), GERDA))
        .get("id")
        .asString();
  }

  private JsonNode ended(long persona, String job) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> find(persona, job),
            found -> !List.of("queued", "running").contains(found.get("state").asString()));
  }

  private JsonNode find(long persona, String job) {
    return json(api.get(path(persona) + "/" + job, GERDA));
  }

  private static String path(long persona) {
    return "/api/personas/" + persona + "/voice/jobs";
  }
}
