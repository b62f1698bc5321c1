package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.TestTokens;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A speech that is whole can be had again as players ask for it: in parts, and only if it changed.
 */
class SpokenAgainIT extends KeylessServiceTest {

  private static final String ANNA = TestTokens.bearer(7);
  private static final String PREVIEW = "/api/personas/voice-presets/21m00Tcm4TlvDq8ikWAM/preview";

  @Test
  void aSpeechSaysWhereItCanBeHadAgain() {
    long persona = api.created(null, null, ANNA);
    var spoken = api.speak(persona, "Say that again.", ANNA);
    String where = header(spoken, "Content-Location");
    assertThat(where).startsWith("/api/personas/" + persona + "/voice/speech/");
    assertThat(header(spoken, "ETag")).isEqualTo("\"" + where.replaceAll(".*/", "") + "\"");

    var again = api.get(where, ANNA);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(spoken.body());
    assertThat(header(again, "ETag")).isEqualTo(header(spoken, "ETag"));
    assertThat(header(again, "Content-Type")).isEqualTo("audio/mpeg");
    assertThat(header(again, "X-Voice-Source")).isEqualTo("default");
    assertThat(header(again, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(again, "Content-Length")).isEqualTo("" + spoken.body().length);
    assertThat(header(again, "Cache-Control")).isEqualTo("private, no-cache");

    // The same persona, but not the same listener; the same listener, but not the same persona.
    assertThat(api.get(where, TestTokens.bearer(8)).statusCode()).isEqualTo(404);
    long other = api.created(null, null, ANNA);
    assertThat(api.get(where.replace("/" + persona + "/", "/" + other + "/"), ANNA).statusCode())
        .isEqualTo(404);
    assertThat(
            api.get("/api/personas/" + persona + "/voice/speech/" + UUID.randomUUID(), ANNA)
                .statusCode())
        .isEqualTo(404);
    assertThat(api.get("/api/personas/" + persona + "/voice/speech/x", ANNA).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-1, 0, 1",
    "bytes=100-299, 100, 299",
    "bytes=500-, 500, -1",
    "bytes=-10, -10, -1"
  })
  void aPartIsAnsweredWithThatPart(String range, int from, int to) {
    byte[] all = api.get(PREVIEW, ANNA).body();
    int first = from < 0 ? all.length + from : from;
    int last = to < 0 ? all.length - 1 : to;

    var part = api.get(PREVIEW, ANNA, "Range", range);

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(all, first, last + 1));
    assertThat(header(part, "Content-Range"))
        .isEqualTo("bytes %d-%d/%d".formatted(first, last, all.length));
  }

  @Test
  void aPartBehindTheEndIsRefused() {
    int length = api.get(PREVIEW, ANNA).body().length;

    var refused = api.get(PREVIEW, ANNA, "Range", "bytes=" + length + "-");

    assertThat(refused.statusCode()).isEqualTo(416);
    assertThat(header(refused, "Content-Range")).isEqualTo("bytes */" + length);
    assertThat(header(refused, "Content-Type")).startsWith("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-2", "lines=1-2", "bytes=a-b", "bytes=0-1,5-6"})
  void whatIsNoPartIsPassedOver(String range) {
    byte[] all = api.get(PREVIEW, ANNA).body();
    var whole = api.get(PREVIEW, ANNA, "Range", range);

    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(all);
  }

  @Test
  void whoHasItAlreadyIsToldSo() {
    HttpResponse<byte[]> all = api.get(PREVIEW, ANNA);
    String tag = header(all, "ETag");

    var same = api.get(PREVIEW, ANNA, "If-None-Match", tag);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(api.get(PREVIEW, ANNA, "If-None-Match", "\"another\"").statusCode()).isEqualTo(200);
    assertThat(api.get(PREVIEW, ANNA, "Range", "bytes=0-1", "If-Range", tag).statusCode())
        .isEqualTo(206);
    assertThat(api.get(PREVIEW, ANNA, "Range", "bytes=0-1", "If-Range", "\"another\"").statusCode())
        .isEqualTo(200);
  }
}
