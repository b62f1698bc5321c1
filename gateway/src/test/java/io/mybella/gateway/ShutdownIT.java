package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** A gateway that is told to stop, as SIGTERM does by closing the context. */
class ShutdownIT extends GatewayTest {

  private static final int REQUESTS = 20;

  @Test
  void whatWasTakenIsAnsweredToItsEnd(@Autowired Environment first) throws Exception {
    CHAT.next = new CountDownLatch(1);
    Browser owner = signedUp();
    var stopping = AnotherGateway.replicaOf(first);
    int door = stopping.port();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(threads.submit(() -> answer(owner.copy(door))));
      }
      await().until(() -> CHAT.requests().size() == REQUESTS);

      Future<?> stopped = threads.submit(stopping::close);
      await().until(() -> refusesConnections(door));
      assertThat(stopped.isDone()).isFalse();
      CHAT.next.countDown();

      for (Future<String> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("200 data: one\n\ndata: two\n\n");
      }
      stopped.get(30, TimeUnit.SECONDS);
    } finally {
      CHAT.next.countDown();
      stopping.close();
    }
  }

  private static String answer(Browser browser) throws IOException {
    HttpResponse<InputStream> answer = browser.stream("/api/personas/5/chat");
    return answer.statusCode() + " " + new String(answer.body().readAllBytes(), UTF_8);
  }

  private static boolean refusesConnections(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (ConnectException refused) {
      return true;
    }
  }
}
