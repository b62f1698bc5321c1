package io.mybella.persona.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks as much S3 as a service needs, until it is told to say nothing more. */
public final class StubbornBlobStore implements AutoCloseable {

  private static final byte[] MISSING =
      "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private final HttpServer server;
  private volatile CountDownLatch silence = new CountDownLatch(0);

  public StubbornBlobStore() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on nobody gets an answer. */
  public void hang() {
    silence = new CountDownLatch(1);
  }

  /** Everybody gets an answer again, those who wait as well. */
  public void answerAgain() {
    silence.countDown();
  }

  /** How many requests wait for an answer or waited in vain. */
  public int hanging() {
    return hanging.get();
  }

  /** How many objects it holds. */
  public int objects() {
    return objects.size();
  }

  /** The keys of what it holds. */
  public Set<String> keys() {
    return new HashSet<>(objects.keySet());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (silence.getCount() > 0) {
        hanging.incrementAndGet();
        silence.await();
      }
      String key = exchange.getRequestURI().getPath();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(key, body);
          exchange.getResponseHeaders().add("ETag", "\"0\"");
          exchange.sendResponseHeaders(200, -1);
        }
        case "DELETE" -> {
          objects.remove(key);
          exchange.sendResponseHeaders(204, -1);
        }
        default -> {
          byte[] object = objects.getOrDefault(key, MISSING);
          exchange.sendResponseHeaders(objects.containsKey(key) ? 200 : 404, object.length);
          exchange.getResponseBody().write(object);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    silence.countDown();
    server.stop(0);
  }
}
