package io.mybella.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An account of its own on a running platform, and requests of it. */
public final class Session {

  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\\d+)");
  private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http;
  private final String base;
  private final String key;
  private final long userId;

  private Session(HttpClient http, String base, String key, long userId) {
    this.http = http;
    this.base = base;
    this.key = key;
    this.userId = userId;
  }

  /**
   * Registers an account and makes an API key for it.
   *
   * @param base where the gateway is
   */
  public static Session register(String base) throws IOException, InterruptedException {
    var cookies = new CookieManager();
    try (HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build()) {
      String name = "load" + UUID.randomUUID().toString().substring(0, 8);
      text(browser, HttpRequest.newBuilder(URI.create(base + "/login")), 200);
      String account =
          text(
              browser,
              form(base + "/api/auth/register", cookies)
                  .POST(
                      BodyPublishers.ofString(
                          """
                          {"name":"%1$s","email":"%1$s@example.org","password":"long enough %1$s"}
                          """
                              .formatted(name))),
              201);
      String key =
          text(
              browser,
              form(base + "/api/auth/api-keys", cookies)
                  .POST(BodyPublishers.ofString("{\"name\":\"benchmark\"}")),
              201);
      HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      return new Session(http, base, found(KEY, key), Long.parseLong(found(ID, account)));
    }
  }

  private static HttpRequest.Builder form(String url, CookieManager cookies) {
    String token =
        cookies.getCookieStore().getCookies().stream()
            .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
            .map(HttpCookie::getValue)
            .findFirst()
            .orElseThrow();
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .header("X-XSRF-TOKEN", token);
  }

  /** The API key. */
  public String key() {
    return key;
  }

  /** The number of the account. */
  public long userId() {
    return userId;
  }

  /** Makes a persona; its number. */
  public long persona() {
    String body = "{\"name\":\"P%s\"}".formatted(UUID.randomUUID().toString().substring(0, 8));
    return Long.parseLong(
        found(ID, send(request("/api/personas/create").POST(BodyPublishers.ofString(body)), 201)));
  }

  /** Leaves a message of the user in a history. */
  public void say(long persona, String what) {
    String body = "{\"role\":\"user\",\"content\":\"%s\"}".formatted(what);
    post("/api/personas/%d/messages".formatted(persona), body);
  }

  /** Has something made from a body of JSON. */
  public String post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)), 201);
  }

  /** What stands at a path. */
  public String get(String path) {
    return send(request(path).GET(), 200);
  }

  /** As {@link #get}, again and again for a minute while the platform asks to come back later. */
  public String getAtLast(String path) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      try {
        return get(path);
      } catch (UncheckedIOException failed) {
        if (System.nanoTime() > end
            || !String.valueOf(failed.getMessage()).contains(" answers 503")) {
          throw failed;
        }
      }
    }
  }

  /** Has something deleted. */
  public void delete(String path) {
    send(request(path).DELETE(), 0);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private String send(HttpRequest.Builder request, int wanted) {
    try {
      return text(http, request, wanted);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** The body of the answer, whose status is the one that is wanted; 0 is any of success. */
  private static String text(HttpClient client, HttpRequest.Builder request, int wanted)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    int status = answer.statusCode();
    if (wanted == 0 ? status / 100 != 2 : status != wanted) {
      throw new IOException(answer.uri() + " answers " + status + ": " + answer.body());
    }
    return answer.body();
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("No " + pattern + " in " + text);
    }
    return matcher.group(1);
  }
}
