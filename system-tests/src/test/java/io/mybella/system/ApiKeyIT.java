package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The quick test of the page, by a program with an API key. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class ApiKeyIT {

  @Test
  void programDoesWithItsKeyWhatThePageDoes(TestPlatform platform) {
    ApiClient api = ApiClient.register(platform, "Programmer");

    assertThat(api.get("/api/personas/available").body())
        .extracting(persona -> persona.path("name").asString())
        .containsExactly("Isabella", "Alex", "Maya", "Luna", "Sam", "Ethan");
    Answer created =
        api.post(
            "/api/personas/create",
            Map.of("name", "Orion", "description", "Looks up", "voice_id", "21m00Tcm4TlvDq8ikWAM"));
    assertThat(created.status()).isEqualTo(201);
    String orion = "/api/personas/" + created.body().path("persona").path("id").asLong();

    assertThat(switchTo(api, orion).path("message").asString()).isEqualTo("Switched to Orion");
    Answer reply = api.post(orion + "/chat", Map.of("content", "Hello Orion"));
    assertThat(reply.status()).isEqualTo(200);
    List<String> withOrion = history(api, orion);
    assertThat(withOrion).hasSize(2).first().isEqualTo("Hello Orion");

    assertThat(history(api, "/api/personas/2")).isEmpty();
    assertThat(api.post("/api/personas/2/chat", Map.of("content", "Hello Alex")).status())
        .isEqualTo(200);
    assertThat(history(api, orion)).isEqualTo(withOrion);

    Answer speech = api.post(orion + "/voice/speech", Map.of("text", "Hello", "format", "wav"));
    assertThat(speech.status()).isEqualTo(200);
    assertThat(speech.raw().headers().firstValue("X-Voice-Source")).hasValue("default");

    Answer deleted = api.delete(orion);
    assertThat(deleted.status()).isEqualTo(200);
    String erasure = "/api/personas/erasures/" + deleted.body().path("erasure_id").asString();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(api.get(erasure).body().path("status").asString())
                    .isEqualTo("complete"));
    assertThat(api.get(erasure).body().path("services"))
        .extracting(service -> service.path("service").asString())
        .containsExactlyInAnyOrder("memory-service", "voice-service");
    assertThat(api.get(orion).status()).isEqualTo(404);
    assertThat(api.get(orion + "/messages").status()).isEqualTo(404);
    assertThat(api.get("/api/personas/current").body().path("name").asString())
        .isEqualTo("Isabella");
  }

  @Test
  void anotherAccountFindsNothingOfIt(TestPlatform platform) {
    ApiClient owner = ApiClient.register(platform, "Owner");
    ApiClient stranger = ApiClient.register(platform, "Stranger");
    long id =
        owner
            .post("/api/personas/create", Map.of("name", "Private"))
            .body()
            .path("persona")
            .path("id")
            .asLong();
    String persona = "/api/personas/" + id;
    String missing = "/api/personas/999999999";
    owner.post(persona + "/chat", Map.of("content", "Only for you"));

    assertThat(stranger.get("/api/personas/available").body()).hasSize(6);
    for (String path : List.of("", "/avatar", "/messages", "/memory/context", "/voice")) {
      assertSameAsMissing(stranger.get(persona + path), stranger.get(missing + path));
    }
    Map<String, Object> words = Map.of("content", "x", "role", "user", "text", "x");
    for (String path : List.of("/chat", "/messages", "/voice/speech")) {
      assertSameAsMissing(
          stranger.post(persona + path, words), stranger.post(missing + path, words));
    }
    assertSameAsMissing(
        stranger.put(persona, Map.of("name", "Mine")), stranger.put(missing, Map.of("name", "M")));
    assertSameAsMissing(stranger.delete(persona), stranger.delete(missing));
    assertSameAsMissing(
        stranger.delete(persona + "/messages"), stranger.delete(missing + "/messages"));
    assertSameAsMissing(
        stranger.post("/api/personas/switch", Map.of("persona_id", id)),
        stranger.post("/api/personas/switch", Map.of("persona_id", 999_999_999)));

    assertThat(owner.get(persona).body().path("name").asString()).isEqualTo("Private");
    assertThat(history(owner, persona)).hasSize(2);
  }

  private static void assertSameAsMissing(Answer foreign, Answer missing) {
    assertThat(foreign.status()).as("%s", foreign.raw()).isEqualTo(404);
    assertThat(missing.status()).as("%s", missing.raw()).isEqualTo(404);
    assertThat(foreign.body().path("error").asString())
        .isNotEmpty()
        .isEqualTo(missing.body().path("error").asString());
  }

  private static JsonNode switchTo(ApiClient api, String persona) {
    String id = persona.substring(persona.lastIndexOf('/') + 1);
    return api.post("/api/personas/switch", Map.of("persona_id", id)).body();
  }

  private static List<String> history(ApiClient api, String persona) {
    return api.get(persona + "/messages")
        .body()
        .path("messages")
        .valueStream()
        .map(message -> message.path("content").asString())
        .toList();
  }
}
