package io.mybella.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind proxies: one that is trusted, and others that only say so. */
class ProxyIT extends GatewayTest {

  private static final String STRANGER = "127.0.0.98";
  private static final String SECURE_SESSION = "__Host-" + Browser.SESSION;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7|203.0.113.7",
        "127.0.0.1, 203.0.113.7|203.0.113.7",
        "127.0.0.1, 203.0.113.7, 10.1.2.3|203.0.113.7",
        "10.1.9.9, 10.2.0.1, 10.1.2.3|10.2.0.1",
        "2001:db8::1, 2001:db8::2|2001:db8::2"
      })
  void theAddressIsTheLastOneThatNoTrustedProxyHas(String forwarded, String address)
      throws Exception {
    try (var caller = new Caller(PROXY, "X-Forwarded-For", forwarded)) {
      assertThat(addressOf(caller.signedUp())).isEqualTo(address);
    }
  }

  @Test
  void aStrangersWordCountsForNothing() throws Exception {
    try (var caller =
        new Caller(
            STRANGER,
            "X-Forwarded-For",
            "203.0.113.7",
            "X-Forwarded-Proto",
            "https",
            "Forwarded",
            "for=203.0.113.7;proto=https")) {
      HttpResponse<String> signedUp = caller.signedUp();

      assertThat(addressOf(signedUp)).isEqualTo(STRANGER);
      assertThat(signedUp.headers().allValues("Set-Cookie"))
          .anyMatch(cookie -> cookie.startsWith(Browser.SESSION + "="))
          .noneMatch(cookie -> cookie.contains("Secure"));
    }
  }

  @Test
  void overHttpsCookiesAreSecureAndTheSessionBelongsToThisHostAlone() throws Exception {
    try (var caller =
        new Caller(PROXY, "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https")) {
      HttpResponse<String> signedUp = caller.signedUp();

      assertThat(signedUp.headers().allValues("Set-Cookie"))
          .isNotEmpty()
          .allMatch(cookie -> cookie.contains("Secure"))
          .anySatisfy(
              cookie ->
                  assertThat(cookie)
                      .startsWith(SECURE_SESSION + "=")
                      .contains("Path=/;", "HttpOnly", "SameSite=Lax")
                      .doesNotContain("Domain"));
      String session = session(signedUp);
      assertThat(caller.get("/api/auth/me", session).statusCode()).isEqualTo(200);
      // Anybody in the domain can set a cookie of the plain name.
      String planted = session.replace("__Host-", "");
      assertThat(caller.get("/api/auth/me", planted).statusCode()).isEqualTo(401);
      assertThat(caller.post("/api/auth/logout", "", session, false).statusCode())
          .as("the CSRF rule knows this cookie")
          .isEqualTo(403);
      assertThat(caller.post("/api/auth/logout", "", session, true).headers().map())
          .extractingByKey("set-cookie")
          .asString()
          .contains(SECURE_SESSION + "=;", "Max-Age=0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PROXY, STRANGER, "127.0.0.1"})
  void whatAProxyBringsInIsNeverFromNearby(String proxy) throws Exception {
    for (String forwarded : List.of("127.0.0.1", "10.0.0.1", "203.0.113.7, 127.0.0.1")) {
      try (var caller = new Caller(proxy, "X-Forwarded-For", forwarded)) {
        assertThat(caller.get("/actuator/prometheus", "").statusCode())
            .as(forwarded)
            .isNotEqualTo(200);
        assertThat(caller.get("/login", "").headers().firstValue("RateLimit-Policy"))
            .as(forwarded)
            .hasValueSatisfying(policy -> assertThat(policy).startsWith("\"address\""));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PROXY, STRANGER, "127.0.0.1"})
  void whatAProxyBringsInIsNeverTheOperators(String proxy) throws Exception {
    try (var caller =
        new Caller(
            proxy,
            "X-Forwarded-For",
            "10.1.0.1",
            "Authorization",
            "Bearer " + TestTokens.OPERATOR)) {
      assertThat(caller.post("/internal/import/accounts", "{}", "", true).statusCode())
          .isEqualTo(404);
    }
    try (var caller = new Caller(proxy, "Authorization", "Bearer " + TestTokens.OPERATOR)) {
      assertThat(caller.post("/internal/import/accounts", "{}", "", true).statusCode())
          .isEqualTo(400);
    }
  }

  /** Whatever accounts it has: these have none. */
  @Test
  void anAddressHasOnlySoManyRequestsUnderWay() throws Exception {
    List<Socket> held = new ArrayList<>();
    try (var one = new Caller(PROXY, "X-Forwarded-For", "203.0.113.40");
        var other = new Caller(PROXY, "X-Forwarded-For", "203.0.113.41")) {
      for (int i = 0; i < 4; i++) {
        held.add(unfinishedSignIn("203.0.113.40"));
      }

      await().until(() -> one.get("/login", "").statusCode() == 429);

      assertThat(other.get("/login", "").statusCode()).isEqualTo(200);
      for (Socket socket : held) {
        socket.close();
      }
      await().until(() -> one.get("/login", "").statusCode() == 200);
    }
  }

  private Socket unfinishedSignIn(String address) throws IOException {
    var socket = new Socket("127.0.0.1", port, InetAddress.ofLiteral(PROXY), 0);
    String head =
        """
        POST /api/auth/login HTTP/1.1
        Host: 127.0.0.1
        X-Forwarded-For: %s
        Cookie: XSRF-TOKEN=token
        X-XSRF-TOKEN: token
        Content-Type: application/json
        Content-Length: 100

        """
            .formatted(address)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** As the person sees it in the list of their sessions. */
  private String addressOf(HttpResponse<String> signedUp) throws Exception {
    try (var direct = new Caller("127.0.0.1")) {
      var list =
          Browser.json(direct.get("/api/auth/sessions", session(signedUp).replace("__Host-", "")));
      return StreamSupport.stream(list.spliterator(), false)
          .map(each -> each.get("address").asString())
          .findFirst()
          .orElseThrow();
    }
  }

  private static String session(HttpResponse<String> signedUp) {
    return signedUp.headers().allValues("Set-Cookie").stream()
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .filter(cookie -> cookie.contains(Browser.SESSION + "="))
        .findFirst()
        .orElseThrow();
  }

  /** Asks from an address of its own, always with the same headers. */
  private final class Caller implements AutoCloseable {

    private final HttpClient client;
    private final String[] headers;

    Caller(String address, String... headers) {
      this.headers = headers;
      this.client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .localAddress(InetAddress.ofLiteral(address))
              .build();
    }

    HttpResponse<String> signedUp() throws IOException, InterruptedException {
      String name = name();
      var answer =
          post(
              "/api/auth/register",
              Browser.json(
                  Map.of(
                      "name", name, "email", Browser.emailOf(name), "password", Browser.PASSWORD)),
              "",
              true);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      return answer;
    }

    HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
      return client.send(request(path, cookie).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json, String cookie, boolean token)
        throws IOException, InterruptedException {
      var request =
          request(path, cookie + "; XSRF-TOKEN=token")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(json));
      if (token) {
        request.header("X-XSRF-TOKEN", "token");
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String cookie) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return cookie.isEmpty() ? request : request.header("Cookie", cookie);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
