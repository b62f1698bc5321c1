package io.mybella.voice;

import static io.mybella.voice.VoiceApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.fakeelevenlabs.Account;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service with a key, against a stand-in for ElevenLabs that behaves as a test tells it to. */
@ExtendWith(OutputCaptureExtension.class)
abstract class ElevenLabsServiceTest extends VoiceServiceTest {

  static final String KEY = "sk-very-secret-0815";

  /** Three voices fill two pages. */
  static final FakeElevenLabs ELEVEN_LABS =
      new FakeElevenLabs(Account.withoutLimits().withVoicesPerPage(2));

  @Autowired CircuitBreakerRegistry breakers;
  @Autowired JdbcClient database;

  @DynamicPropertySource
  static void neighbours(DynamicPropertyRegistry registry) {
    registry.add("mybella.voice.elevenlabs.api-key", () -> KEY);
    registry.add("mybella.voice.elevenlabs.base-url", ELEVEN_LABS::baseUrl);
    registry.add("mybella.voice.elevenlabs.first-byte-timeout", () -> "1500ms");
    registry.add("mybella.voice.elevenlabs.idle-timeout", () -> "1500ms");
    registry.add("mybella.voice.clones.pause", () -> "200ms");
    // The same on a machine with it and on one without.
    registry.add("mybella.voice.ffmpeg.program", () -> "off");
    // Nobody is there: what is not known by its event is not found out.
    registry.add("mybella.services.persona-url", () -> "http://127.0.0.1:1");
  }

  @BeforeEach
  void allIsWell() {
    ELEVEN_LABS.reset();
    breakers.circuitBreaker("elevenlabs").reset();
  }

  @AfterEach
  void theKeyIsNotLogged(CapturedOutput log) {
    assertThat(log.getAll()).doesNotContain(KEY);
  }

  /** Waits until a consented sample was cloned; returns the id of the clone. */
  String cloneOf(long persona, String bearer) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                json(api.get("/api/personas/" + persona + "/voice", bearer))
                    .path("voice_id")
                    .asString(""),
            id -> id.startsWith("clone"));
  }

  /**
   * Has the refused removals of clones tried again now, not after the ten seconds they would wait.
   *
   * @return how many
   */
  int repeatRemovals() {
    return database
        .sql("update clone_removal set next_attempt = now() where problem is not null")
        .update();
  }
}
