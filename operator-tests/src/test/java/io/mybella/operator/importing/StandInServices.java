package io.mybella.operator.importing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mybella.operator.PlatformAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands for the import endpoints of all four services, with their memory and without their rules.
 * A fault can be put before each of them.
 */
final class StandInServices implements AutoCloseable {

  static final String TOKEN = "the-token-of-an-operator-with-some-length";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final Map<String, Long> origins = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> rows = new ConcurrentHashMap<>();
  private final Map<String, List<String>> order = new ConcurrentHashMap<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<String> busyPairs = ConcurrentHashMap.newKeySet();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Integer> fault = request -> 200;
  private volatile Function<JsonNode, String> refusal = row -> "";

  StandInServices() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** What comes in. */
  record Request(String endpoint, JsonNode body, int number) {}

  PlatformAccess access() {
    return access(TOKEN);
  }

  PlatformAccess access(String token) {
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new PlatformAccess(address, address, address, address, token);
  }

  /** Answers with the status that is returned, unless it is 200. */
  StandInServices fault(Function<Request, Integer> status) {
    fault = status;
    return this;
  }

  /** Skips rows with the reason that is returned, unless it is empty. */
  StandInServices refuse(Function<JsonNode, String> reason) {
    refusal = reason;
    return this;
  }

  /** A row as it was taken over. */
  JsonNode row(String key) {
    return rows.getOrDefault(key, JSON.nullNode());
  }

  /** The keys of what was taken over at an endpoint, in the order in which it came. */
  List<String> order(String endpoint) {
    return List.copyOf(order.getOrDefault(endpoint, List.of()));
  }

  /** Everything that was taken over, to be compared. */
  Map<String, Object> everything() {
    Map<String, Object> all = new TreeMap<>(rows);
    files.forEach((key, bytes) -> all.put(key, Arrays.hashCode(bytes)));
    order.forEach((endpoint, keys) -> all.put("order of " + endpoint, List.copyOf(keys)));
    return all;
  }

  Map<String, byte[]> files() {
    return files;
  }

  /** The endpoints that were asked, one for each request. */
  List<String> requests() {
    return requests;
  }

  /** What no importer may do: two requests of a pair at a time, too many rows or bytes. */
  List<String> mistakes() {
    return mistakes;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath().replace("/internal/import/", "");
      String endpoint = path.replaceAll("/.*", "");
      if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        problem(exchange, 401, "The operator's token is missing or wrong");
        return;
      }
      boolean isFile = endpoint.equals("pictures") || endpoint.equals("samples");
      JsonNode json = isFile ? JSON.nullNode() : JSON.readTree(body);
      if (body.length == 0 || (!isFile && json.path("rows").isEmpty())) {
        problem(exchange, 400, "nothing to take over");
        return;
      }
      requests.add(endpoint);
      int status = fault.apply(new Request(endpoint, json, requests.size()));
      if (status == -1) {
        // As if the process were gone.
        return;
      }
      if (status != 200) {
        problem(exchange, status, "as it was told to");
        return;
      }
      if (isFile) {
        takeFile(exchange, endpoint, path, body);
      } else {
        take(exchange, endpoint, json, body.length);
      }
    }
  }

  private void take(HttpExchange exchange, String endpoint, JsonNode json, int bytes)
      throws IOException {
    String pair = json.path("user_id") + "/" + json.path("persona_id");
    boolean ofPair = json.has("user_id");
    if (json.path("rows").size() > 500 || bytes > 2 << 20) {
      mistakes.add("too much for one request: " + json.path("rows").size() + ", " + bytes);
    }
    if (ofPair && !busyPairs.add(pair)) {
      mistakes.add("two requests of a pair at a time: " + pair);
    }
    try {
      ArrayNode results = JSON.createArrayNode();
      for (JsonNode row : json.path("rows")) {
        results.add(result(endpoint, ofPair ? pair : "", row, json.path("source").asString()));
      }
      send(exchange, 200, JSON.createObjectNode().set("results", results));
    } finally {
      busyPairs.remove(pair);
    }
  }

  private ObjectNode result(String endpoint, String pair, JsonNode row, String source) {
    String key = row.path("key").asString();
    ObjectNode result = JSON.createObjectNode().put("key", key);
    String reason = refusal.apply(row);
    if (!reason.isEmpty()) {
      return result.put("outcome", "skipped").put("reason", reason);
    }
    boolean fresh = !origins.containsKey(source + key);
    long id = origins.computeIfAbsent(source + key, k -> idFor(endpoint, row));
    if (fresh) {
      rows.put(key, row);
      order
          .computeIfAbsent(
              endpoint + (pair.isEmpty() ? "" : " " + pair), k -> new CopyOnWriteArrayList<>())
          .add(key);
    }
    return result.put("outcome", fresh ? "imported" : "present").put("id", id);
  }

  /** Never the old one: references have to follow. */
  private long idFor(String endpoint, JsonNode row) {
    return switch (endpoint) {
      case "accounts" -> 1_000 + row.path("old_id").asLong();
      case "personas" ->
          row.path("old_id").isNull()
              ? 90_000 + origins.size()
              : 2_000 + row.path("old_id").asLong();
      default -> 0;
    };
  }

  private void takeFile(HttpExchange exchange, String endpoint, String path, byte[] body)
      throws IOException {
    Map<String, String> query = new HashMap<>();
    for (String each : exchange.getRequestURI().getQuery().split("&", -1)) {
      query.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
    }
    String key = query.get("key");
    boolean fresh = files.put(path, body) == null;
    order.computeIfAbsent(endpoint, k -> new CopyOnWriteArrayList<>()).add(key);
    if (!fresh) {
      order.get(endpoint).removeLast();
    }
    ObjectNode result =
        JSON.createObjectNode().put("key", key).put("outcome", fresh ? "imported" : "present");
    send(exchange, 200, JSON.createObjectNode().set("results", JSON.createArrayNode().add(result)));
  }

  private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
    send(exchange, status, JSON.createObjectNode().put("status", status).put("detail", detail));
  }

  private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
