package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that sends an event, waits until a test lets it go on, and sends another. */
final class StreamingService {

  /** The second event waits for it. */
  volatile CountDownLatch next = new CountDownLatch(0);

  /** No body is read before it. */
  volatile CountDownLatch reads = new CountDownLatch(0);

  /** Whether it answers 413 at once, without reading what it is sent. */
  volatile boolean refuse;

  /** Whether it ends the connection after the first event. */
  volatile boolean breakOff;

  /** Another one for each test: what a test before left behind may end only now. */
  private volatile AtomicInteger cutOff = new AtomicInteger();

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  StreamingService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::stream);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many requests ended before their bodies did. */
  int cutOff() {
    return cutOff.get();
  }

  void reset() {
    requests.clear();
    cutOff = new AtomicInteger();
    refuse = false;
    breakOff = false;
    next = new CountDownLatch(0);
    reads = new CountDownLatch(0);
  }

  private void readAll(HttpExchange exchange) throws IOException, InterruptedException {
    AtomicInteger counted = cutOff;
    try {
      reads.await();
      exchange.getRequestBody().readAllBytes();
    } catch (IOException cut) {
      counted.incrementAndGet();
      throw cut;
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    if (breakOff) {
      exchange.getRequestBody().readAllBytes();
      firstEvent(exchange);
      // What is not closed in order is closed without an end.
      throw new IOException("broken off");
    }
    try (exchange) {
      if (refuse) {
        exchange.sendResponseHeaders(413, -1);
        return;
      }
      readAll(exchange);
      OutputStream body = firstEvent(exchange);
      if (next.await(20, TimeUnit.SECONDS)) {
        body.write("data: two\n\n".getBytes(UTF_8));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static OutputStream firstEvent(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    body.write("data: one\n\n".getBytes(UTF_8));
    body.flush();
    return body;
  }
}
