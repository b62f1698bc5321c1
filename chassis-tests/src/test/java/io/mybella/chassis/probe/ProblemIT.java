package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@PlatformTest(database = "probe")
class ProblemIT {

  private final RestTestClient http;

  ProblemIT(@LocalServerPort int port) {
    this.http =
        RestTestClient.bindToServer()
            .baseUrl("http://127.0.0.1:" + port)
            .defaultHeader("Authorization", TestTokens.bearer(7))
            .build();
  }

  @Test
  void aProblemCarriesItsMessageTwiceAndItsFields() {
    http.get()
        .uri("/numbers/0")
        .exchange()
        .expectStatus()
        .isEqualTo(409)
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .expectBody()
        .jsonPath("$.detail")
        .isEqualTo("Zero is taken")
        .jsonPath("$.error")
        .isEqualTo("Zero is taken")
        .jsonPath("$.type")
        .isEqualTo("urn:mybella:problem:conflict")
        .jsonPath("$.instance")
        .isEqualTo("/numbers/0")
        .jsonPath("$.errors[0].field")
        .isEqualTo("number");
  }

  /** No controller sees it, and the container goes on to the error page with it. */
  @Test
  void whatTheContainerRefusesNamesThePathThatWasAskedFor() {
    http.get()
        .uri("/numbers/1;v=2")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .expectBody()
        .jsonPath("$.instance")
        .isEqualTo("/numbers/1;v=2");
  }

  @Test
  void ourOwnFaultSaysNothingOfTheInside() {
    http.get()
        .uri("/numbers/-1")
        .exchange()
        .expectStatus()
        .isEqualTo(500)
        .expectBody(String.class)
        .value(body -> assertThat(body).doesNotContain("secret").contains("request_id"));
  }

  @Test
  void aStoreOfFilesThatFailsIsAPassingState() {
    http.get()
        .uri("/blobs/pictures")
        .exchange()
        .expectStatus()
        .isEqualTo(503)
        .expectHeader()
        .valueEquals("Retry-After", "5")
        .expectBody()
        .jsonPath("$.error")
        .isEqualTo("The store of files is not answering; try again in a moment");
  }

  @Test
  void badInputIsNeverAServerError() {
    expect(400, http.get().uri("/numbers/many"));
    expect(404, http.get().uri("/nowhere"));
    expect(405, http.delete().uri("/numbers/1"));
    expect(400, json("{"));
    expect(400, json("[]"));
    expect(400, json(""));
    expect(400, json("{\"some_text\": \" \"}"));
    expect(
        415, http.post().uri("/notes").contentType(MediaType.TEXT_PLAIN).body("{\"some_text\":1}"));
  }

  @Test
  void aFieldErrorNamesTheFieldAsTheCallerWroteIt() {
    json("{\"some_text\": \"\"}")
        .exchange()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("some_text");
  }

  @Test
  void aWellFormedRequestIdIsKeptAndAnotherReplaced() {
    http.get()
        .uri("/numbers/1")
        .header("X-Request-Id", "abc-123-def")
        .exchange()
        .expectHeader()
        .valueEquals("X-Request-Id", "abc-123-def");
    http.get()
        .uri("/numbers/1")
        .header("X-Request-Id", "<script>alert(1)</script>")
        .exchange()
        .expectHeader()
        .value("X-Request-Id", id -> assertThat(id).hasSize(36));
  }

  private RestTestClient.RequestHeadersSpec<?> json(String body) {
    return http.post().uri("/notes").contentType(MediaType.APPLICATION_JSON).body(body);
  }

  private static void expect(int status, RestTestClient.RequestHeadersSpec<?> request) {
    request
        .exchange()
        .expectStatus()
        .isEqualTo(status)
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .expectBody()
        .jsonPath("$.error")
        .exists();
  }
}
