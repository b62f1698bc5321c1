package io.mybella.persona.avatar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.FilesBelow;
import io.mybella.chassis.testing.RawUpload;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;

/** Uploads of pictures that mean harm, over the wire. */
class HostileUploadIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** A picture and all texts at their longest are less; this is generous. */
  private static final long FAR_TOO_MUCH = 64L << 20;

  @LocalServerPort private int port;
  @Autowired private Environment environment;
  @Autowired private ServletContext servlet;

  static List<String> fileNames() {
    return List.of(
        "../../../../etc/cron.d/evil.png",
        "..\\..\\evil.png",
        "%2e%2e%2fevil.png",
        "evil\u0000.png",
        "evil%00.png",
        "evil.png\r\nX-Evil: yes",
        "/etc/passwd",
        "x".repeat(5_000) + ".png",
        ".",
        "'; drop table persona; --.png",
        "\u202egnp.live");
  }

  @ParameterizedTest
  @MethodSource("fileNames")
  void theNameOfAFileIsNeverObeyed(String fileName) {
    PersonaApi user = newUser();
    List<String> before = pictures();

    int status =
        new RawUpload(port, "POST /api/personas/create", TestTokens.bearer(user.userId()))
            .field("name", "Coach")
            .file("avatar", fileName, Pictures.of("png", 20, 20))
            .send();

    List<String> stored = pictures().stream().filter(name -> !before.contains(name)).toList();
    if (status == 201) {
      assertThat(stored).hasSizeLessThanOrEqualTo(1).allMatch(HostileUploadIT::isGenerated);
    } else {
      assertThat(status).isIn(400, 413);
      assertThat(stored).isEmpty();
    }
    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
  }

  @Test
  void whereAPhotoWasTakenIsInNoFileThatIsStored() throws IOException {
    PersonaApi user = newUser();
    String canary = "GPS 48.137,11.575 canary" + user.userId();
    byte[] photo = Pictures.withExif(Pictures.of("jpg", 60, 40), 6, canary);

    assertThat(
            user.multipart(
                    HttpMethod.POST,
                    "/api/personas/create",
                    Map.of("name", "Coach"),
                    photo,
                    "me.jpg")
                .status())
        .isEqualTo(201);

    for (String file : pictures()) {
      String stored = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
      assertThat(stored).doesNotContain(canary).doesNotContain("Exif");
    }
  }

  @Test
  void anUploadThatIsCutMidwayLeavesNothing() {
    PersonaApi user = newUser();
    List<String> before = pictures();

    new RawUpload(port, "POST /api/personas/create", TestTokens.bearer(user.userId()))
        .field("name", "Coach")
        .cutOff("avatar", new byte[3 << 20]);

    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
    assertThat(pictures()).isEqualTo(before);
    assertThat(user.get("/api/personas/available").json()).hasSize(6);
  }

  @Test
  void anUploadWithoutAnEndIsStoppedAndLeavesNothing() {
    PersonaApi user = newUser();
    List<String> before = pictures();

    long taken =
        new RawUpload(port, "POST /api/personas/create", TestTokens.bearer(user.userId()))
            .field("name", "Coach")
            .endless("avatar", Pictures.of("png", 20, 20), FAR_TOO_MUCH);

    assertThat(taken).isLessThan(FAR_TOO_MUCH);
    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
    assertThat(pictures()).isEqualTo(before);
    assertThat(user.create("Coach")).isPositive();
  }

  private static boolean isGenerated(String file) {
    return Path.of(file).getFileName().toString().matches("[0-9a-f-]{36}\\.(png|jpeg)");
  }

  private List<String> pictures() {
    return files(Path.of(environment.getRequiredProperty("mybella.blobs.folder")));
  }

  /** What the servlet container keeps of uploads that it is reading. */
  private List<String> leftInTheFolderOfUploads() {
    return files(
        ((File) Objects.requireNonNull(servlet.getAttribute(ServletContext.TEMPDIR))).toPath());
  }

  private static List<String> files(Path folder) {
    try {
      return FilesBelow.folder(folder).stream().map(Path::toString).toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
