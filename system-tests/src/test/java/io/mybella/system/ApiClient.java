package io.mybella.system;

import io.mybella.local.LocalPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that uses the platform with an API key, as curl would. */
final class ApiClient {

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the JSON; missing when there is none
   */
  record Answer(int status, JsonNode body, HttpResponse<byte[]> raw) {}

  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI base;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String key;
  private final long userId;

  private ApiClient(URI base, String key, long userId) {
    this.base = base;
    this.key = key;
    this.userId = userId;
  }

  /** Registers a new account, makes a key with its session, and goes on with the key alone. */
  static ApiClient register(LocalPlatform platform, String name) {
    URI base = platform.baseUrl();
    CookieManager cookies = new CookieManager();
    HttpClient session = HttpClient.newBuilder().cookieHandler(cookies).build();
    // The first answer brings the token that unsafe methods must repeat.
    send(session, request(base, "/login").GET().build());
    JsonNode account =
        send(
                session,
                request(base, "/api/auth/register")
                    .header("Content-Type", "application/json")
                    .header("X-XSRF-TOKEN", token(cookies))
                    .POST(
                        BodyPublishers.ofString(
                            json(
                                Map.of(
                                    "name", name,
                                    "email",
                                        name.toLowerCase(Locale.ROOT)
                                            + "."
                                            + UUID.randomUUID()
                                            + "@example.org",
                                    "password", "a long enough pass phrase " + name))))
                    .build())
            .body();
    Answer key =
        send(
            session,
            request(base, "/api/auth/api-keys")
                .header("Content-Type", "application/json")
                .header("X-XSRF-TOKEN", token(cookies))
                .POST(BodyPublishers.ofString("{\"name\":\"test\"}"))
                .build());
    return new ApiClient(base, key.body().path("key").asString(), account.path("id").asLong());
  }

  /** The id of the account. */
  long userId() {
    return userId;
  }

  /** GET as JSON. */
  Answer get(String path) {
    return send(http, authorized(path).GET().build());
  }

  /** POST of JSON. */
  Answer post(String path, Object body) {
    return send(
        http,
        authorized(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json(body)))
            .build());
  }

  /** PUT of JSON. */
  Answer put(String path, Object body) {
    return send(
        http,
        authorized(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json(body)))
            .build());
  }

  /** DELETE. */
  Answer delete(String path) {
    return send(http, authorized(path).DELETE().build());
  }

  private HttpRequest.Builder authorized(String path) {
    return request(base, path)
        .header("Authorization", "Bearer " + key)
        .header("Accept", "application/json");
  }

  private static HttpRequest.Builder request(URI base, String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(30));
  }

  private static Answer send(HttpClient client, HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      boolean json = response.headers().firstValue("content-type").orElse("").contains("json");
      return new Answer(
          response.statusCode(),
          json ? JSON.readTree(response.body()) : JSON.missingNode(),
          response);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static String token(CookieManager cookies) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("The gateway set no XSRF-TOKEN cookie"));
  }

  private static String json(Object body) {
    return JSON.writeValueAsString(body);
  }
}
