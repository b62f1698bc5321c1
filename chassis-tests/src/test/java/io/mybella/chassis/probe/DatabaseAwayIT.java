package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A database that is away, and a caller who is: neither is a fault of the service. */
@PlatformTest(database = "probe")
@ExtendWith(OutputCaptureExtension.class)
class DatabaseAwayIT {

  private static final String SHUT_DOWN = "select pg_terminate_backend(pg_backend_pid())";

  private final int port;
  private final JdbcClient database;
  private final RestTestClient http;

  @Autowired
  DatabaseAwayIT(@LocalServerPort int port, JdbcClient database) {
    this.port = port;
    this.database = database;
    this.http =
        RestTestClient.bindToServer()
            .baseUrl("http://127.0.0.1:" + port)
            .defaultHeader("Authorization", TestTokens.bearer(7))
            .build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SHUT_DOWN,
        "select pg_cancel_backend(pg_backend_pid())",
        "do $$begin raise sqlstate '57014'; end$$",
        "do $$begin raise sqlstate '57P03'; end$$",
        "do $$begin raise sqlstate '53300'; end$$",
        "do $$begin raise sqlstate '55P03'; end$$",
        "do $$begin raise sqlstate '25P03'; end$$",
        "do $$begin raise sqlstate '40P01'; end$$"
      })
  void aHandlerWhoseDatabaseIsAwayAnswers503(String sql) {
    unavailable(http.get().uri("/asks?sql={sql}", sql));
  }

  @Test
  void soDoesAFilter() {
    unavailable(http.get().uri("/numbers/1").header("X-Ask", SHUT_DOWN));
  }

  @Test
  void whatIsWrongWithAStatementIsOurFault() {
    http.get().uri("/asks?sql=select 1/0").exchange().expectStatus().isEqualTo(500);
  }

  @Test
  void noWaitForTheDatabaseIsWithoutEnd() {
    assertThat(setting("statement_timeout")).isEqualTo("20s");
    assertThat(setting("lock_timeout")).isEqualTo("10s");
    assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("30s");
  }

  @Test
  void aCallerWhoLeavesIsNoErrorInTheLog(CapturedOutput log) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /notes HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nX-Request-Id: "
                  + "caller-leaves\r\nAuthorization: "
                  + TestTokens.bearer(7)
                  + "\r\nContent-Length: 100\r\n\r\n{\"some_")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    http.get().uri("/asks?sql=select 1/0").exchange().expectStatus().isEqualTo(500);
    await().until(() -> log.getAll().contains("/asks failed"));
    assertThat(log.getAll()).doesNotContain("POST /notes failed").doesNotContain("caller-leaves");
  }

  private String setting(String name) {
    return database.sql("select current_setting(?)").param(name).query(String.class).single();
  }

  private static void unavailable(RestTestClient.RequestHeadersSpec<?> request) {
    request
        .exchange()
        .expectStatus()
        .isEqualTo(503)
        .expectHeader()
        .valueEquals("Retry-After", "2")
        .expectBody()
        .jsonPath("$.error")
        .isEqualTo("The database is not answering; try again in a moment");
  }
}
