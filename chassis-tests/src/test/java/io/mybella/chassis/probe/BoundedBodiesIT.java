package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.RawRequest;
import io.mybella.chassis.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@PlatformTest(database = "probe")
class BoundedBodiesIT {

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int STANDARD = 64 * 1024;
  private static final long MUCH = 60L * 1024 * 1024;

  private final int port;
  private final RestTestClient http;

  BoundedBodiesIT(@LocalServerPort int port) {
    this.port = port;
    this.http =
        RestTestClient.bindToServer()
            .baseUrl("http://127.0.0.1:" + port)
            .defaultHeader("Authorization", TestTokens.bearer(7))
            .build();
  }

  @Test
  void aBodyThatAnnouncesTooMuchIsRefusedUnread() {
    String answer = to("POST /notes", JSON).announcing(MUCH);
    assertThat(answer)
        .startsWith("HTTP/1.1 413")
        .contains("application/problem+json")
        .contains("The body may have at most 64 KB");
  }

  @Test
  void aBodyOfUnknownLengthIsCutAtTheLimit() {
    byte[] arrays = "[],".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    assertThat(
            to("POST /notes", JSON).endless("[".getBytes(StandardCharsets.US_ASCII), arrays, MUCH))
        .as("bytes taken")
        .isLessThan(MUCH / 4);
  }

  @Test
  void theLimitItselfIsRead() {
    expect(200, HttpMethod.POST, "/notes", JSON, note(STANDARD));
    expect(413, HttpMethod.POST, "/notes", JSON, note(STANDARD + 1));
  }

  @Test
  void aHandlerMayTakeMore() {
    expect(200, HttpMethod.POST, "/long-notes", JSON, "[" + "7,".repeat(45_000) + "7]");
    assertThat(to("POST /long-notes", JSON).announcing(MUCH)).startsWith("HTTP/1.1 413");
  }

  @Test
  void jsonHasADepthAndANumberOfElements() {
    expect(200, HttpMethod.POST, "/long-notes", JSON, "[".repeat(32) + "]".repeat(32));
    expect(400, HttpMethod.POST, "/long-notes", JSON, "[".repeat(33) + "]".repeat(33));
    expect(400, HttpMethod.POST, "/long-notes", JSON, "{\"a\":".repeat(33) + "1" + "}".repeat(33));
    expect(400, HttpMethod.POST, "/long-notes", JSON, "[" + "7,".repeat(110_000) + "7]");
    expect(400, HttpMethod.POST, "/long-notes", JSON, "[" + "7".repeat(101) + "]");
  }

  @Test
  void aFormHasALengthAndANumberOfFieldsWhateverTheMethod() {
    expect(200, HttpMethod.PUT, "/forms", FORM, "a=" + "%F0%9F%98%80".repeat(7_000));
    expect(413, HttpMethod.PUT, "/forms", FORM, "a=" + "x".repeat(200_000));
    assertThat(to("PUT /forms", FORM).announcing(MUCH)).startsWith("HTTP/1.1 413");
    expect(400, HttpMethod.PUT, "/forms", FORM, "a=1&".repeat(1_001));
  }

  private RawRequest to(String request, String type) {
    return new RawRequest(port, request, TestTokens.bearer(7), type);
  }

  private static String note(int bytes) {
    String frame = "{\"some_text\":\"\"}";
    return "{\"some_text\":\"" + "x".repeat(bytes - frame.length()) + "\"}";
  }

  private void expect(int status, HttpMethod method, String path, String type, String body) {
    var answer =
        http.method(method)
            .uri(path)
            .contentType(MediaType.parseMediaType(type))
            .body(body)
            .exchange()
            .expectStatus()
            .isEqualTo(status);
    if (status >= 400) {
      answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }
  }
}
