package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.RawRequest;
import io.mybella.chassis.testing.RawUpload;
import io.mybella.chassis.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What is wrong with a request is never a fault of the service, whoever finds it out. */
@PlatformTest(database = "probe")
class RefusedRequestIT {

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final int port;

  RefusedRequestIT(@LocalServerPort int port) {
    this.port = port;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v=%ff", "sql=%", "sql=%2", "sql=%zz", "sql=%ed%a0%80", "sql=a%c3b"})
  void aQueryThatIsNoText(String query) {
    refused(400, "GET /asks?" + query, JSON, "");
    refused(400, "GET /numbers/1?" + query, JSON, "");
  }

  @Test
  void moreParametersThanAnybodyReads() {
    refused(400, "GET /asks?" + "a=1&".repeat(1_001), JSON, "");
    refused(400, "PUT /forms", FORM, "a=1&".repeat(1_001));
  }

  @ParameterizedTest
  @CsvSource({"*/*", "application/*"})
  void aContentTypeThatIsNone(String type) {
    refused(415, "POST /notes", type, "{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tagline=%", "tagline=%zz", "%ff=1", "%00=1", "%EF%BF%BF=1"})
  void aFormThatIsNoText(String form) {
    refused(400, "PUT /forms", FORM, form);
  }

  @Test
  void aFieldOfAnUploadWhoseNameIsNoText() {
    var upload = new RawUpload(port, "POST /uploads", TestTokens.bearer(7));
    assertThat(upload.field("a\u0000b", "x").send()).isEqualTo(400);
  }

  @Test
  void aBodyThatIsNoText() {
    refused(400, "POST /notes", JSON, "{\"some_text\":\"\u00ff\"}");
    refused(400, "GET /asks?sql=select+?::text&value=a%00b", JSON, "");
  }

  private void refused(int status, String request, String type, String body) {
    String answer =
        new RawRequest(port, request, TestTokens.bearer(7), type)
            .send(body.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(answer)
        .as(request)
        .startsWith("HTTP/1.1 " + status)
        .contains("application/problem+json");
  }
}
