package io.mybella.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A browser as far as the gateway can tell: keeps cookies and sends the CSRF token of our pages.
 */
final class Browser {

  static final String SESSION = "MYBELLA_SESSION";
  static final String CSRF = "XSRF-TOKEN";
  static final String PASSWORD = "correct horse battery";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final int port;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private @Nullable String key;

  Browser(int port) {
    this.port = port;
  }

  /** One that has registered a new account and holds its session. */
  static Browser signedUp(int port, String name) {
    var browser = new Browser(port);
    browser.get("/api/auth/me");
    var answer =
        browser.post(
            "/api/auth/register",
            Map.of("name", name, "email", emailOf(name), "password", PASSWORD));
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return browser;
  }

  static String emailOf(String name) {
    return name.toLowerCase(java.util.Locale.ROOT) + "@example.org";
  }

  /** Another with the same cookies, such as a second replica's view or a thief. */
  Browser copy() {
    return copy(port);
  }

  /** Another with the same cookies, that asks another replica. */
  Browser copy(int replica) {
    var copy = new Browser(replica);
    copy.cookies.putAll(cookies);
    return copy;
  }

  /** This one with a key in every request, as a program sends it. */
  Browser withKey(String secret) {
    key = secret;
    return this;
  }

  /** Makes an API key; returns its secret. */
  String newKey() {
    return json(post("/api/auth/api-keys", Map.of("name", "script"))).get("key").asString();
  }

  /** Signs in with the name's address. */
  HttpResponse<String> login(String name, String password, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return send(
        "POST",
        "/api/auth/login",
        BodyPublishers.ofString(json(Map.of("email", emailOf(name), "password", password))),
        all);
  }

  Map<String, String> cookies() {
    return cookies;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  HttpResponse<String> delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  HttpResponse<String> post(String path, Object body) {
    return send(
        "POST", path, BodyPublishers.ofString(json(body)), "Content-Type", "application/json");
  }

  HttpResponse<String> put(String path, Object body) {
    return send(
        "PUT", path, BodyPublishers.ofString(json(body)), "Content-Type", "application/json");
  }

  HttpResponse<String> send(String method, String path, String json) {
    return send(method, path, BodyPublishers.ofString(json), "Content-Type", "application/json");
  }

  HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
    return send(BodyHandlers.ofString(), method, path, body, headers);
  }

  /** The body as it came over the wire. */
  HttpResponse<byte[]> bytes(String method, String path, BodyPublisher body, String... headers) {
    return send(BodyHandlers.ofByteArray(), method, path, body, headers);
  }

  HttpResponse<InputStream> stream(String path) {
    return send(BodyHandlers.ofInputStream(), "POST", path, BodyPublishers.ofString("{}"));
  }

  private <T> HttpResponse<T> send(
      BodyHandler<T> reading, String method, String path, BodyPublisher body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(each -> each.getKey() + "=" + each.getValue())
              .collect(Collectors.joining("; ")));
    }
    if (!method.equals("GET") && cookies.containsKey(CSRF)) {
      request.header("X-XSRF-TOKEN", cookies.get(CSRF));
    }
    try {
      var response = CLIENT.send(request.build(), reading);
      keepCookies(response);
      return response;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void keepCookies(HttpResponse<?> response) {
    for (String header : response.headers().allValues("Set-Cookie")) {
      for (HttpCookie cookie : HttpCookie.parse(header)) {
        if (cookie.getMaxAge() == 0) {
          cookies.remove(cookie.getName());
        } else {
          cookies.put(cookie.getName(), cookie.getValue());
        }
      }
    }
  }

  static String json(Object body) {
    return body instanceof String text ? text : JSON.writeValueAsString(body);
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }
}
