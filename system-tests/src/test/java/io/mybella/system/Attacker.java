package io.mybella.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.TestPlatform;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Somebody with an account, or without one, who wants a service to end or to be there for nobody
 * else. What they do is bounded in number and bytes, and ends after a time.
 */
final class Attacker {

  /** What a round of bytes over all connections may take beyond the time of an attack. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final URI server;
  private final Map<String, String> key;
  private final Account account;
  private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();

  Attacker(TestPlatform platform) {
    this.server = platform.baseUrl();
    this.account = Account.register(platform, "Attacker");
    this.key = account.key();
  }

  Account account() {
    return account;
  }

  /** How often each status was the answer, or which way a connection ended. */
  Map<String, Integer> outcomes() {
    Map<String, Integer> told = new TreeMap<>(outcomes);
    outcomes.clear();
    return told;
  }

  /** Sends the requests, so many at a time, and waits for the answers. */
  void send(int together, List<Call> calls, Map<String, String> proof) {
    Semaphore places = new Semaphore(together);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Call call : calls) {
        places.acquireUninterruptibly();
        threads.execute(
            () -> {
              try {
                note(call.send(server, proof).status());
              } catch (UncheckedIOException broken) {
                note(broken.getCause().getClass().getSimpleName());
              } finally {
                places.release();
              }
            });
      }
    }
  }

  /** The same with the attacker's key. */
  void send(int together, List<Call> calls) {
    send(together, calls, key);
  }

  /** So many uploads of a picture for a new persona. */
  List<Call> personasWith(List<FilePayload> pictures) {
    return pictures.stream()
        .map(
            each ->
                Call.of("POST", "/api/personas/create")
                    .multipart(Map.of("name", "x"), Map.of("avatar", each)))
        .toList();
  }

  /**
   * Opens connections that say only so much, a byte more each second, and never end.
   *
   * @param beginning of a request, without its end
   */
  void trickle(int connections, String beginning, Duration time) {
    List<Socket> open = new ArrayList<>();
    Instant end = Instant.now().plus(time);
    try {
      for (int i = 0; i < connections && Instant.now().isBefore(end); i++) {
        open.add(begin(beginning));
      }
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofSeconds(1))
          .during(time)
          .atMost(time.plus(MARGIN))
          .until(
              () -> {
                open.removeIf(each -> !another(each));
                return true;
              });
      note("%d of %d connections still open".formatted(open.size(), connections));
    } finally {
      open.forEach(Attacker::close);
    }
  }

  /** The head of a request with the attacker's key and a long body. */
  String headOf(String request, String type) {
    return "%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: %s\r\nContent-Length: 5000\r\n\r\n{"
        .formatted(request, key.get("Authorization"), type);
  }

  /** Sends requests and hangs up before an answer can be there. */
  void leave(int callers, String request, String json) {
    for (int i = 0; i < callers; i++) {
      String head =
          "%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(request, key.get("Authorization"), json.length(), json);
      close(begin(head));
    }
    note("%d callers left".formatted(callers));
  }

  private Socket begin(String beginning) {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()), 2_000);
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(US_ASCII));
      out.flush();
    } catch (IOException refused) {
      note("connection refused");
    }
    return socket;
  }

  /** Whether the connection takes another byte. */
  private static boolean another(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return true;
    } catch (IOException closed) {
      close(socket);
      return false;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(Object outcome) {
    outcomes.merge(outcome.toString(), 1, Integer::sum);
  }
}
