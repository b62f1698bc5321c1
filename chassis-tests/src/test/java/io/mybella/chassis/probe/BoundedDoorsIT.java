package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.chassis.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A service in a JVM of its own, with the heap of the smallest ones, held by callers who wait. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundedDoorsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What somebody else waits at most while the service is under attack. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int CALLERS = 40;

  private ServiceProcess service;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    service =
        ServiceProcess.start(
            ProbeApplication.class,
            "192m",
            PlatformParts.freshDatabase("probe"),
            PlatformParts.kafka(),
            folder,
            "--mybella.http.body-patience=2s",
            "--mybella.http.body-rate=8KB");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void connectionsWithoutARequestMakeRoomForThoseWithOne() throws Exception {
    try (var held = new Held()) {
      for (int i = 0; i < 3_000; i++) {
        held.open("GET /numbers/1 HTTP/1.1\r\nHost: h\r\nX-Long: " + "x".repeat(7_000));
        if (i % 500 == 0) {
          assertThat(asking(2)).isEqualTo(200);
        }
      }
      assertThat(asking(2)).isEqualTo(200);
    }
    alive();
  }

  /** Of many callers, each with as many requests as it may have, whose bodies never end. */
  @Test
  void bodiesThatDoNotEndAreGivenUp() throws Exception {
    try (var held = new Held()) {
      String body = "{\"some_text\":\"" + "x".repeat(60_000);
      for (int i = 0; i < 1_000; i++) {
        held.open(post("/notes", 100 + i % CALLERS, 64_000) + body);
      }
      for (int i = 0; i < 200; i++) {
        held.open(post("/long-notes", 200 + i % CALLERS, 400_000) + "[" + "{},".repeat(100_000));
      }
      await().atMost(LIMIT).until(() -> asking(2) == 200);
    }
    alive();
  }

  @Test
  void aTrickleIsCutOff() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      var out = socket.getOutputStream();
      out.write(ascii(post("/notes", 3, 60_000)));
      var in = socket.getInputStream();
      long start = System.nanoTime();
      while (in.available() == 0 && System.nanoTime() - start < LIMIT.toNanos()) {
        out.write('{');
        out.flush();
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
      }
      assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 408");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void oneCallerTakesNoMoreThanItsShare() throws Exception {
    try (var held = new Held()) {
      // The service ends those that keep it waiting: on a slow machine before there are enough.
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                for (int i = 0; i < 64; i++) {
                  held.open(post("/notes", 4, 60_000));
                }
                return asking(4) == 429;
              });
      assertThat(asking(5)).isEqualTo(200);
    }
    await().atMost(LIMIT).until(() -> asking(4) == 200);
  }

  private void alive() throws IOException {
    assertThat(service.runs()).as(service.log()).isTrue();
  }

  /** The status, asked over a new connection. */
  private int asking(long user) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + service.port() + "/numbers/1"))
                  .header("Authorization", TestTokens.bearer(user))
                  .timeout(PATIENCE)
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static String post(String path, long user, long length) {
    return "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, TestTokens.bearer(user), length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Connections that are held without a word, as long as the service lets them. */
  private final class Held implements AutoCloseable {

    private final List<Socket> sockets = new ArrayList<>();

    private void open(String beginning) throws IOException {
      Socket socket = new Socket();
      sockets.add(socket);
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()), 5_000);
        socket.getOutputStream().write(ascii(beginning));
      } catch (SocketException | SocketTimeoutException refused) {
        // The service may close what it does not want.
        socket.close();
      }
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
