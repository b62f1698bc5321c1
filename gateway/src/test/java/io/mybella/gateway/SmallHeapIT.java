package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.ChildJvm;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.supervisor.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with the heap that it has in production, and what nobody in particular sends to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmallHeapIT {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private Process process;
  private int port;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    port = FreePort.find();
    int managementPort = FreePort.find();
    PostgresPart.Database database = PlatformParts.freshDatabase("gateway");
    List<String> command =
        ChildJvm.command(
            GatewayApplication.class,
            List.of(
                "-Xmx224m",
                "-Xss512k",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError"),
            List.of(
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.appUser(),
                "--spring.datasource.password=" + database.appPassword(),
                "--spring.flyway.user=" + database.ownerUser(),
                "--spring.flyway.password=" + database.ownerPassword(),
                "--spring.kafka.bootstrap-servers=" + PlatformParts.kafka().bootstrapServers()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("gateway.log").toFile())
            .start();
    await()
        .atMost(START_LIMIT)
        .until(
            () ->
                !process.isAlive() || Program.probe(managementPort, "/actuator/health/readiness"));
  }

  @AfterAll
  void end() {
    process.destroyForcibly();
  }

  @Test
  void passwordsOfManyMegabytesAreRefused() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (String framing :
          List.of(
              "Content-Length: 60000000",
              "Content-Length: 45000000",
              "Transfer-Encoding: chunked")) {
        answers.add(threads.submit(() -> login(framing, 45_000_000)));
        answers.add(threads.submit(() -> login(framing, 45_000_000)));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).startsWith("HTTP/1.1 413");
      }
    }
    assertGoesOn();
  }

  private void assertGoesOn() {
    assertThat(process.isAlive()).isTrue();
    assertThat(new Browser(port).get("/login").statusCode()).isEqualTo(200);
  }

  /** The first line of the answer to a sign-in whose password does not end. */
  private String login(String framing, int most) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(head(framing));
      // Ends with the connection at the latest.
      Thread.startVirtualThread(() -> sendPassword(out, framing, most));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      return in.readLine();
    }
  }

  private static byte[] head(String framing) {
    return String.join(
            "\r\n",
            "POST /api/auth/login HTTP/1.1",
            "Host: localhost",
            "Cookie: XSRF-TOKEN=token",
            "X-XSRF-TOKEN: token",
            "Content-Type: application/json",
            framing,
            "",
            "")
        .getBytes(UTF_8);
  }

  private static void sendPassword(OutputStream out, String framing, int most) {
    boolean chunked = framing.endsWith("chunked");
    String piece = "{\"email\":\"a@example.org\",\"password\":\"" + "a".repeat(65_000);
    try {
      for (int sent = 0; sent < most; sent += piece.length()) {
        out.write(
            (chunked ? "%s\r\n%s\r\n".formatted(Integer.toHexString(piece.length()), piece) : piece)
                .getBytes(UTF_8));
        piece = "a".repeat(65_000);
      }
    } catch (IOException refused) {
      // As it should be: nobody reads on.
    }
  }
}
