package io.mybella.voice.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.voice.elevenlabs.ElevenLabsFailure.Kind;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElevenLabsFailureTests {

  @ParameterizedTest
  @CsvSource({
    "401, invalid_api_key, INVALID_KEY",
    "401, missing_permissions, MISSING_PERMISSION",
    "401, quota_exceeded, QUOTA",
    "401, detected_unusual_activity, QUOTA",
    "402, paid_plan_required, NOT_IN_PLAN",
    "402, payment_required, NOT_IN_PLAN",
    "400, can_not_use_instant_voice_cloning, NOT_IN_PLAN",
    "400, voice_limit_reached, VOICE_LIMIT",
    "400, voice_not_found, VOICE_NOT_FOUND",
    "404, voice_not_found, VOICE_NOT_FOUND",
    "400, max_character_limit_exceeded, TEXT_TOO_LONG",
    "403, output_format_not_allowed, FORMAT_NOT_ALLOWED",
    "429, concurrent_limit_exceeded, CONCURRENCY",
    "429, too_many_concurrent_requests, CONCURRENCY",
    "429, rate_limit_exceeded, RATE",
    "429, system_busy, RATE",
    "500, something_went_wrong, TRANSIENT"
  })
  void theCodeDecidesInBothShapesOfAnError(int status, String code, Kind kind) {
    String current =
        """
        {"detail":{"type":"error","code":"%s","message":"…","request_id":"r"}}\
        """
            .formatted(code);
    String older =
        """
        {"detail":{"status":"%s","message":"…"}}\
        """
            .formatted(code);

    assertThat(ElevenLabsFailure.classify(status, current, null))
        .isEqualTo(new ElevenLabsFailure(kind, code, null));
    assertThat(ElevenLabsFailure.classify(status, older, null))
        .isEqualTo(new ElevenLabsFailure(kind, code, null));
  }

  @Test
  void aCodeGoesBeforeTheOlderStatus() {
    ElevenLabsFailure failure =
        ElevenLabsFailure.classify(
            401, "{\"detail\":{\"code\":\"quota_exceeded\",\"status\":\"invalid_api_key\"}}", null);
    assertThat(failure.kind()).isEqualTo(Kind.QUOTA);
  }

  @Test
  void anUnknownCodeLeavesTheStatusToDecide() {
    ElevenLabsFailure failure =
        ElevenLabsFailure.classify(
            401, "{\"detail\":{\"code\":\"brand_new\",\"status\":\"quota_exceeded\"}}", null);
    assertThat(failure.kind()).isEqualTo(Kind.QUOTA);
  }

  @Test
  void aListOfViolationsIsOurOwnFault() {
    assertThat(
            ElevenLabsFailure.classify(
                422, "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"m\",\"type\":\"t\"}]}", null))
        .isEqualTo(new ElevenLabsFailure(Kind.OUR_FAULT, "invalid_request", null));
  }

  @Test
  void aPageOfHtmlIsPassingButARefusalWithAReasonIsNot() {
    assertThat(ElevenLabsFailure.classify(403, "<html>blocked</html>", null).kind())
        .isEqualTo(Kind.TRANSIENT);
    assertThat(
            ElevenLabsFailure.classify(403, "{\"detail\":{\"code\":\"some_rule\"}}", null).kind())
        .isEqualTo(Kind.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "500, TRANSIENT",
    "502, TRANSIENT",
    "503, TRANSIENT",
    "429, RATE",
    "422, OUR_FAULT",
    "400, REFUSED",
    "401, REFUSED",
    "404, REFUSED"
  })
  void theNumberDecidesWhenNothingElseIsSaid(int status, Kind kind) {
    for (String body : new String[] {"", "{}", "{\"detail\":null}", "[]", "not json", "{\"deta"}) {
      ElevenLabsFailure failure = ElevenLabsFailure.classify(status, body, null);
      if (status != 403) {
        assertThat(failure.kind()).as(body).isEqualTo(kind);
        assertThat(failure.reason()).isEqualTo("upstream_" + status);
      }
    }
  }

  @Test
  void aReasonIsAlwaysFitForAHeader() {
    ElevenLabsFailure failure =
        ElevenLabsFailure.classify(400, "{\"detail\":{\"code\":\"x\\r\\nSet-Cookie: a=b\"}}", null);
    assertThat(failure.reason()).isEqualTo("upstream_400");
  }

  @ParameterizedTest
  @CsvSource(
      value = {"3, 3", "soon, null", "null, null", "-1, null"},
      nullValues = "null")
  void secondsToWaitAreReadWhenTheyAreSeconds(String header, Integer seconds) {
    ElevenLabsFailure failure =
        ElevenLabsFailure.classify(429, "{\"detail\":{\"code\":\"system_busy\"}}", header);
    assertThat(failure.retryAfter())
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void theKeyNeverShowsInText() {
    ElevenLabsProperties properties =
        new ElevenLabsProperties(
            "sk-secret",
            URI.create("https://example.org"),
            "m",
            1,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);
    assertThat(properties.toString()).doesNotContain("sk-secret").contains("with a key");
  }
}
