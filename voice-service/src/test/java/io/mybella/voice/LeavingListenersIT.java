package io.mybella.voice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.testing.TestTokens;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** One account asks for more speech than it waits for, and others are served all the same. */
class LeavingListenersIT extends KeylessServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ANNA = TestTokens.bearer(51_007);
  private static final String BORIS = TestTokens.bearer(51_008);

  /** As long as a text may be: a minute of work. */
  private static final String LONG =
      "This is one of the many sentences of a text that nobody wants to hear to its end. "
          .repeat(60);

  private static final int REQUESTS = 30;

  @Autowired MeterRegistry meters;
  private final List<Socket> connections = new ArrayList<>();

  @AfterEach
  void leave() throws IOException {
    for (Socket connection : connections) {
      connection.close();
    }
    await().atMost(LIMIT).until(() -> waiting() == 0);
  }

  @Test
  void othersAreServedInTheirTurnAndWorkWhoseListenersLeftEnds() throws IOException {
    long persona = api.created(null, null, ANNA);
    double left = left();
    for (int i = 0; i < REQUESTS; i++) {
      connections.add(ask(persona, i));
    }
    await().atMost(LIMIT).until(() -> waiting() >= 6);
    assertThat(api.speak(persona, "One more.", ANNA).statusCode()).isEqualTo(429);

    long before = sentences();
    var served = api.speak(persona, "Hello.", BORIS);
    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(sentences() - before)
        .as("the two that were being said, one turn or two of Anna, and not her six that wait")
        .isLessThanOrEqualTo(7);
    assertThat(waiting()).as("Anna still waits").isPositive();

    for (Socket connection : connections) {
      connection.close();
    }
    await().atMost(LIMIT).until(() -> waiting() == 0);
    await().atMost(LIMIT).until(() -> left() - left == 8);
    assertThat(api.speak(persona, "Hello again.", ANNA).statusCode()).isEqualTo(200);
  }

  /** What looks for the end of a connection must leave alone what it finds in its place. */
  @Test
  void aRequestThatFollowsOnTheSameConnectionIsNoFarewell() throws IOException {
    long persona = api.created(null, null, BORIS);
    String get =
        "GET /api/personas/%d/voice HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\n"
                .formatted(persona, BORIS)
            + "Connection: close\r\n\r\n";
    try (Socket connection = open()) {
      connection.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
      OutputStream out = connection.getOutputStream();
      long before = sentences();
      // A part of the next request comes with this one, the rest while it is served.
      out.write(
          (speech(persona, "This comes first. This comes second.") + get.substring(0, 30))
              .getBytes(UTF_8));
      await().atMost(LIMIT).until(() -> sentences() > before);
      out.write(get.substring(30).getBytes(UTF_8));
      String answers = new String(connection.getInputStream().readAllBytes(), ISO_8859_1);

      assertThat(answers.startsWith("HTTP/1.1 200")).isTrue();
      // The first comes in chunks, or with its length when it is whole by then.
      assertThat(answers.lastIndexOf("HTTP/1.1 200")).isPositive();
      assertThat(answers.contains("\"source\":\"default\"")).isTrue();
    }
  }

  private Socket ask(long persona, int number) throws IOException {
    Socket connection = open();
    connection
        .getOutputStream()
        .write(speech(persona, "Number %d. %s".formatted(number, LONG)).getBytes(UTF_8));
    return connection;
  }

  private Socket open() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static String speech(long persona, String text) {
    String body = "{\"text\":\"%s\",\"format\":\"wav\"}".formatted(text);
    return "POST /api/personas/%d/voice/speech HTTP/1.1\r\nHost: 127.0.0.1\r\n".formatted(persona)
        + "Authorization: %s\r\nContent-Type: application/json\r\n".formatted(ANNA)
        + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  private double waiting() {
    return meters.get("mybella.voice.engine.queue").gauge().value();
  }

  private double left() {
    return meters.counter("mybella.voice.abandoned").count();
  }

  private long sentences() {
    return meters.get("mybella.voice.engine.synthesis").timer().count();
  }
}
