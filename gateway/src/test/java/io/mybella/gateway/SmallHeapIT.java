package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.local.settings.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
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

  private ServiceProcess gateway;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    gateway =
        ServiceProcess.start(
            GatewayApplication.class,
            Setting.MYBELLA_GATEWAY_HEAP.defaultValue(),
            PlatformParts.freshDatabase("gateway"),
            PlatformParts.kafka(),
            folder);
  }

  @AfterAll
  void end() {
    gateway.close();
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
    assertThat(gateway.runs()).isTrue();
    assertThat(new Browser(gateway.port()).get("/login").statusCode()).isEqualTo(200);
  }

  /** The first line of the answer to a sign-in whose password does not end. */
  private String login(String framing, int most) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
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
