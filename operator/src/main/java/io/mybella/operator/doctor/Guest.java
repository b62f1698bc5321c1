package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An account for the time of a check, which goes through the gateway as everybody does. */
final class Guest implements AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final long MOST_BYTES = 8 << 20;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final URI gateway;
  private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
  private final HttpClient client = Web.client().cookieHandler(cookies).build();
  private final String password = random();

  Guest(URI gateway) {
    this.gateway = gateway;
  }

  private static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Makes the account.
   *
   * @return the gateway's answer; 201 when there is an account now
   */
  Answer register() throws IOException, InterruptedException {
    // Any page brings the token against forged requests.
    call("GET", "/login", null);
    return call(
        "POST",
        "/api/auth/register",
        Map.of(
            "name",
            "Doctor's guest",
            "email",
            "doctor-" + random() + "@mybella.invalid",
            "password",
            password));
  }

  /** Deletes the account with everything of it. */
  Answer leave() throws IOException, InterruptedException {
    return call("DELETE", "/api/auth/me", Map.of("password", password));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return call("GET", path, null);
  }

  Answer post(String path, Map<String, ?> body) throws IOException, InterruptedException {
    return call("POST", path, body);
  }

  private Answer call(String method, String path, @Nullable Map<String, ?> body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(ANSWER)
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
      csrfToken(request);
    }
    HttpResponse<byte[]> answer =
        client.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    return new Answer(method + " " + path, answer.statusCode(), answer.body());
  }

  private void csrfToken(HttpRequest.Builder request) {
    cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
        .map(HttpCookie::getValue)
        .findFirst()
        .ifPresent(token -> request.header("X-XSRF-TOKEN", token));
  }

  @Override
  public void close() {
    client.close();
  }

  /** What the gateway answered. */
  static final class Answer {

    private final String request;
    private final int status;
    private final byte[] body;

    private Answer(String request, int status, byte[] body) {
      this.request = request;
      this.status = status;
      this.body = body;
    }

    /** What was asked. */
    String request() {
      return request;
    }

    /** The status of HTTP. */
    int status() {
      return status;
    }

    /** The body as it came. */
    byte[] body() {
      return body;
    }

    /**
     * The body as JSON.
     *
     * @throws IOException when it is none
     */
    JsonNode json() throws IOException {
      try {
        return JSON.readTree(body);
      } catch (JacksonException e) {
        throw new IOException(request + " answers " + status + " without JSON", e);
      }
    }

    boolean holds(String text) {
      return new String(body, StandardCharsets.UTF_8).contains(text);
    }

    /**
     * This answer, when it has that status.
     *
     * @throws IOException when it has not
     */
    Answer expect(int wanted) throws IOException {
      if (status != wanted) {
        throw new IOException("%s answers %d, not %d".formatted(request, status, wanted));
      }
      return this;
    }
  }
}
