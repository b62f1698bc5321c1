package io.mybella.system;

import static io.mybella.system.LegacyPersonasIT.assertRefused;
import static io.mybella.system.LegacyPersonasIT.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.LocalPlatform;
import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Preset and uploaded voices as front ends of the original MyBella use them, at the public door.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class LegacyVoiceIT {

  private static final String WRONG_TYPE = "Invalid file type. Allowed: mp3, wav, ogg, m4a, flac";

  private static final Set<String> NEED_FFMPEG = Set.of("tone.ogg", "tone.m4a");

  /** Has a persona without a voice, which no refused upload gives it. */
  private static Onlooker onlooker;

  private static long mute;

  @BeforeAll
  static void register(TestPlatform platform) {
    Account account = Account.register(platform, "Onlooker");
    mute = account.persona("Mute");
    onlooker = Onlooker.of(account);
  }

  @Test
  void everyPresetVoiceHasAPreviewThatCanBeHeard() {
    JsonNode presets = onlooker.get("/api/personas/voice-presets").body();

    assertThat(presets)
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(each.propertyNames())
                    .containsExactly(
                        "id", "name", "description", "preview_url", "available", "suggestion"));
    assertThat(presets)
        .extracting(each -> each.path("name").asString())
        .contains("Rachel")
        .doesNotHaveDuplicates();
    Answer preview = onlooker.get(presets.get(0).path("preview_url").asString());
    assertThat(preview.status()).isEqualTo(200);
    assertThat(LegacyPersonasIT.header(preview, "Content-Type")).isEqualTo("audio/mpeg");
    assertThat(preview.raw().body()).hasSizeGreaterThan(1_000);
  }

  /** The content says what a file is; its name and what the browser calls it say nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"tone.mp3", "tone.wav", "tone.ogg", "tone.m4a", "tone.flac"})
  void aRecordingOfEachKindIsTaken(String file, TestPlatform platform) throws IOException {
    Account user = Account.register(platform, "Speaker");
    long id = user.persona("Voiced");
    FilePayload sound = new FilePayload("no-sound.txt", "text/plain", sound(file));

    if (NEED_FFMPEG.contains(file) && !hasFfmpeg()) {
      Answer refused = user.call(upload(id, "voice_file", sound), 415);
      assertThat(refused.body().path("error").asString()).contains("it has no ffmpeg");
      return;
    }
    Answer uploaded = user.call(upload(id, "voice_file", sound), 200);

    assertThat(message(uploaded)).isEqualTo("Custom voice uploaded successfully!");
    assertThat(uploaded.body().path("voice_url").asString()).startsWith("voices/");
    assertThat(uploaded.body().path("status").asString()).isEqualTo("stored");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        user.get("/api/personas/available")
                            .body()
                            .path(6)
                            .path("has_custom_voice")
                            .asBoolean())
                    .isTrue());
  }

  @Test
  void withoutAFileThereIsNothingToUpload() {
    String none = "No voice file provided";

    assertRefused(onlooker.refused(upload(mute, "another", Recordings.hum())), 400, none);
    assertRefused(
        onlooker.refused(
            upload(mute, "voice_file", new FilePayload("", "audio/mpeg", new byte[0]))),
        400,
        none);
    Call call = Call.of("POST", "/api/personas/" + mute + "/voice/upload");
    assertRefused(onlooker.refused(call.multipart(Map.of("consent", "true"), Map.of())), 400, none);
    assertStaysMute();
  }

  @ParameterizedTest
  @ValueSource(strings = {"video.avi", "video.mp4"})
  void aVideoIsNoVoiceWhateverItIsCalled(String file) throws IOException {
    assertWrongType(sound(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "just some words",
        "<html><script>alert(1)</script></html>",
        "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:1/secret.ts\n",
        "ID3",
        "RIFF....WAVE",
        "\0\0\0\0"
      })
  void whatIsNoSoundIsNoVoice(String content) {
    assertWrongType(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aVoiceIsForOnesOwnPersonasOnly(TestPlatform platform) {
    long theirs = Account.register(platform, "Owner").persona("Private");

    for (long id : new long[] {theirs, 999_999_999}) {
      assertRefused(
          onlooker.refused(upload(id, "voice_file", Recordings.hum())), 404, "Persona not found");
    }
    assertRefused(
        onlooker.refused(upload(1, "voice_file", Recordings.hum())),
        403,
        "You can only change the voice of your own personas");
  }

  @Test
  void tenMegabytesAreTheMost() throws IOException {
    byte[] sound = sound("tone.wav");
    byte[] tooLarge = new byte[10 * 1024 * 1024 + 1];
    System.arraycopy(sound, 0, tooLarge, 0, sound.length);

    Answer refused =
        onlooker.refused(
            upload(mute, "voice_file", new FilePayload("a.wav", "audio/wav", tooLarge)));

    assertThat(refused.status()).as("%s", refused.body()).isEqualTo(413);
    assertThat(refused.body().path("error").asString("")).isNotEmpty();
    assertStaysMute();
  }

  private static void assertWrongType(byte[] content) {
    FilePayload file = new FilePayload("voice.mp3", "audio/mpeg", content);

    assertRefused(onlooker.refused(upload(mute, "voice_file", file)), 400, WRONG_TYPE);
    assertStaysMute();
  }

  private static void assertStaysMute() {
    JsonNode voice = onlooker.get("/api/personas/" + mute + "/voice").body();
    assertThat(voice.path("custom_voice").isNull()).as("%s", voice).isTrue();
  }

  /** Whether voice-service finds one. */
  private static boolean hasFfmpeg() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ffmpeg")));
  }

  private static Call upload(long id, String field, FilePayload file) {
    return Call.of("POST", "/api/personas/" + id + "/voice/upload")
        .multipart(Map.of(), Map.of(field, file));
  }

  private static byte[] sound(String name) throws IOException {
    return Files.readAllBytes(
        LocalPlatform.projectRoot().resolve("voice-service/src/test/resources/sounds/" + name));
  }
}
