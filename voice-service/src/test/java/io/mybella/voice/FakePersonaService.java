package io.mybella.voice;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** persona-service, as far as it is asked: it knows the personas that a test tells it of. */
final class FakePersonaService {

  private final HttpServer server;
  private final Map<String, String> profiles = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  FakePersonaService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/api/personas/", this::answer);
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void knows(long persona, String profile) {
    profiles.put(path(persona), profile);
  }

  void forgets(long persona) {
    profiles.remove(path(persona));
  }

  /** The token that came with the last question for a persona. */
  String askedWith(long persona) {
    return tokens.get(path(persona));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    tokens.put(path, exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] body = profiles.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static String path(long persona) {
    return "/api/personas/" + persona;
  }
}
