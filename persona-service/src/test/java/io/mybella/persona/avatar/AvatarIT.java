package io.mybella.persona.avatar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.persona.identity.UserId;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

class AvatarIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Autowired private Avatars avatars;
  @Autowired private BlobStore blobs;
  @Autowired private Environment environment;

  @Test
  void anUploadedPictureIsDeliveredRedrawnAndMayBeKeptForEver() {
    PersonaApi user = newUser();
    long id = user.create("Coach", Pictures.of("png", 1024, 1024));
    JsonNode persona = user.get("/api/personas/" + id).json();
    String url = persona.get("avatar_url").asString();

    assertThat(persona.get("avatar").asString()).matches("persona_pics/[0-9a-f-]{36}\\.png");
    assertThat(url).isEqualTo("/api/personas/" + id + "/avatar?v=1");
    assertThat(Pictures.decode(user.bytes(url)).getWidth()).isEqualTo(512);
    Answer answer = user.get(url);
    assertThat(answer.headers().getContentType()).isEqualTo(MediaType.IMAGE_PNG);
    assertThat(answer.headers().getCacheControl()).contains("immutable", "private");
    assertThat(answer.headers().get("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(answer.headers().getFirst("Content-Security-Policy")).contains("sandbox");
    Answer unchanged = user.get(url, Map.of("If-None-Match", answer.eTag()));
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.headers().getCacheControl()).isEqualTo(answer.headers().getCacheControl());
    assertThat(user.get("/api/personas/" + id + "/avatar").headers().getCacheControl())
        .doesNotContain("immutable");
  }

  @Test
  void eachBuiltInPersonaHasAPictureOfItsOwn() {
    PersonaApi user = newUser();
    assertThat(
            user.get("/api/personas/available")
                .json()
                .valueStream()
                .map(persona -> user.bytes(persona.get("avatar_url").asString()).length))
        .hasSize(6)
        .doesNotHaveDuplicates()
        .allMatch(length -> length > 1_000);
  }

  @Test
  void aNewPictureReplacesTheOldOneWhichIsRemoved() {
    PersonaApi user = newUser();
    long id = user.create("Coach", Pictures.of("png", 40, 40));
    String first = user.get("/api/personas/" + id).json().get("avatar").asString();

    Answer answer =
        user.multipart(
            HttpMethod.PUT,
            "/api/personas/" + id,
            Map.of(),
            Pictures.of("jpg", 60, 20),
            "../../evil\r\n.png");

    JsonNode persona = answer.json().get("persona");
    assertThat(persona.get("avatar").asString()).matches("persona_pics/[0-9a-f-]{36}\\.jpeg");
    assertThat(persona.get("avatar_url").asString()).endsWith("?v=2");
    assertThat(Pictures.decode(user.bytes(persona.get("avatar_url").asString())).getHeight())
        .isEqualTo(20);
    await().atMost(SOON).untilAsserted(() -> assertThat(blobs.get(first)).isEmpty());
    assertThat(user.get("/api/personas/" + id + "/avatar?v=1").headers().getCacheControl())
        .as("an old address must not keep the new picture")
        .doesNotContain("immutable");
  }

  @Test
  void aChangeOfTextsKeepsTheAddressOfThePicture() {
    PersonaApi user = newUser();
    long id = user.create("Coach", Pictures.of("png", 40, 40));

    JsonNode persona =
        user.putJson("/api/personas/" + id, Map.of("tagline", "x")).json().get("persona");

    assertThat(persona.get("avatar_url").asString()).endsWith("?v=1");
  }

  @Test
  void thePictureOfADeletedPersonaIsRemoved() {
    PersonaApi user = newUser();
    long id = user.create("Coach", Pictures.of("png", 40, 40));
    String name = user.get("/api/personas/" + id).json().get("avatar").asString();
    assertThat(blobs.get(name)).isPresent();

    user.delete("/api/personas/" + id);

    await().atMost(SOON).untilAsserted(() -> assertThat(blobs.get(name)).isEmpty());
    assertThat(user.get("/api/personas/" + id + "/avatar").status()).isEqualTo(404);
  }

  @Test
  void aPersonaWithoutAPictureHasNone() {
    PersonaApi user = newUser();
    long id = user.create("Coach");

    assertThat(user.get("/api/personas/" + id + "/avatar").status()).isEqualTo(404);
  }

  @Test
  void anEmptyPartIsNoPicture() {
    PersonaApi user = newUser();
    long id = user.create("Coach", new byte[0]);

    assertThat(user.get("/api/personas/" + id).json().get("avatar").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "<html><script>alert(1)</script></html>",
        "GIF89a<script>alert(1)</script>",
        "\u0089PNG\r\n\u001a\n"
      })
  void whatIsNoPictureIsRefusedAndNothingIsCreated(String content) {
    PersonaApi user = newUser();

    Answer answer =
        user.multipart(
            HttpMethod.POST,
            "/api/personas/create",
            Map.of("name", "Coach"),
            content.getBytes(StandardCharsets.ISO_8859_1),
            "me.png");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("avatar");
    assertThat(user.get("/api/personas/available").json()).hasSize(6);
  }

  @Test
  void aPictureThatClaimsToBeHugeIsRefused() {
    PersonaApi user = newUser();
    Answer answer =
        user.multipart(
            HttpMethod.POST,
            "/api/personas/create",
            Map.of("name", "Coach"),
            Pictures.pngThatClaims(50_000, 50_000),
            "me.png");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).contains("too many pixels");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() {
    PersonaApi user = newUser();
    for (int bytes : new int[] {5 * 1024 * 1024 + 1, 7 * 1024 * 1024}) {
      Answer answer =
          user.multipart(
              HttpMethod.POST,
              "/api/personas/create",
              Map.of("name", "Coach"),
              new byte[bytes],
              "me.png");
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.error()).isNotBlank();
    }
  }

  @Test
  void aPictureForANameThatIsTakenIsRemovedSoon() {
    PersonaApi user = newUser();
    user.create("Coach");
    List<String> before = pictures();
    List<String> looseBefore = loose();
    Answer answer =
        user.multipart(
            HttpMethod.POST,
            "/api/personas/create",
            Map.of("name", "Coach"),
            Pictures.of("png", 40, 40),
            "me.png");
    assertThat(answer.status()).isEqualTo(400);

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(pictures()).isEqualTo(before);
              assertThat(loose()).isEqualTo(looseBefore);
            });
  }

  @Test
  void aPictureThatACrashLeftLooseIsSweptAway() {
    String loose =
        avatars.store(
            new UserId(newUser().userId()), new ByteArrayResource(Pictures.of("png", 40, 40)));

    avatars.sweep();
    assertThat(blobs.get(loose)).as("it may still be taken").isPresent();
    database.update("update loose_picture set since = since - interval '1 hour'");
    avatars.sweep();

    assertThat(blobs.get(loose)).isEmpty();
    assertThat(database.queryForList("select blob_key from loose_picture")).isEmpty();
  }

  private List<String> loose() {
    return database.queryForList(
        "select blob_key from loose_picture order by blob_key", String.class);
  }

  private List<String> pictures() {
    Path folder =
        Path.of(
            environment.getRequiredProperty("mybella.blobs.folder"),
            "persona-service",
            "persona_pics");
    try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      return files.map(Path::toString).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
