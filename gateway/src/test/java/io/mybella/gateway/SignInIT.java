package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

@ExtendWith(OutputCaptureExtension.class)
class SignInIT extends GatewayTest {

  @Autowired MeterRegistry metrics;

  @Test
  void registeringSignsIn() {
    Browser browser = browser();
    String name = name();
    browser.get("/api/auth/me");

    var registered = register(browser, name, Browser.PASSWORD);

    assertThat(registered.statusCode()).isEqualTo(201);
    var me = browser.get("/api/auth/me");
    assertThat(me.statusCode()).isEqualTo(200);
    assertThat(Browser.json(me)).isEqualTo(Browser.json(registered));
    assertThat(Browser.json(me).get("id").asLong()).isPositive();
    assertThat(Browser.json(me).get("name").asString()).isEqualTo(name);
    assertThat(Browser.json(me).get("email").asString()).isEqualTo(Browser.emailOf(name));
    assertThat(Browser.json(me).get("role").asString()).isEqualTo("user");
    assertThat(Browser.json(me).propertyNames())
        .containsExactlyInAnyOrder("id", "name", "email", "role", "has_password");
    assertThat(Browser.json(me).get("has_password").asBoolean()).isTrue();
  }

  @Test
  void theSessionCookieIsOutOfReachOfScriptsAndOtherSites() {
    Browser browser = browser();
    browser.get("/api/auth/me");

    var cookies = register(browser, name(), Browser.PASSWORD).headers().allValues("Set-Cookie");

    assertThat(cookies)
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith(Browser.SESSION + "=")
                    .contains("HttpOnly", "SameSite=Lax", "Path=/"));
  }

  @Test
  void loginTakesTheAddressWhateverItsCapitals() {
    String name = name();
    Browser.signedUp(port, name);
    Browser other = browser();
    other.get("/api/auth/me");

    var answer = login(other, Browser.emailOf(name).toUpperCase(java.util.Locale.ROOT));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(other.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void logoutEndsTheSessionWhereverItIsUsed() {
    Browser browser = signedUp();
    Browser elsewhere = browser.copy();

    assertThat(browser.post("/api/auth/logout", "").statusCode()).isEqualTo(204);

    assertThat(browser.get("/api/auth/me").statusCode()).isEqualTo(401);
    assertThat(elsewhere.get("/api/auth/me").statusCode()).isEqualTo(401);
    assertThat(browser.cookies()).doesNotContainKey(Browser.SESSION);
  }

  @Test
  void loginChangesTheSessionAndEndsAPlantedOne() {
    String name = name();
    Browser victim = Browser.signedUp(port, name);
    Browser thief = victim.copy();
    String before = victim.cookies().get(Browser.SESSION);

    login(victim, Browser.emailOf(name));

    assertThat(victim.cookies().get(Browser.SESSION)).isNotEqualTo(before);
    assertThat(victim.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertThat(thief.get("/api/auth/me").statusCode()).isEqualTo(401);
  }

  @Test
  void anUnknownSessionIdIsNeverAdopted() {
    Browser browser = browser();
    browser.cookies().put(Browser.SESSION, "cGxhbnRlZA");
    browser.get("/api/auth/me");
    String name = name();

    assertThat(register(browser, name, Browser.PASSWORD).statusCode()).isEqualTo(201);

    assertThat(browser.cookies().get(Browser.SESSION)).isNotEqualTo("cGxhbnRlZA");
  }

  @Test
  void aChangeWithTheCookieButWithoutTheTokenIsForbidden() {
    Browser browser = signedUp();
    browser.cookies().remove(Browser.CSRF);

    var answer = browser.post("/api/personas/switch", Map.of("persona_id", 1));

    assertProblem(answer, 403);
    assertThat(PERSONA.getAllServeEvents()).isEmpty();
  }

  @Test
  void aTokenThatDoesNotFitTheCookieIsForbidden() {
    Browser browser = signedUp();
    String session = Browser.SESSION + "=" + browser.cookies().get(Browser.SESSION);

    var answer =
        browser()
            .send(
                "POST",
                "/api/auth/logout",
                BodyPublishers.noBody(),
                "Cookie",
                session + "; XSRF-TOKEN=mine",
                "X-XSRF-TOKEN",
                "another");

    assertProblem(answer, 403);
    assertThat(browser.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void signingInNeedsTheTokenToo() {
    assertProblem(login(browser(), "somebody@example.org"), 403);
  }

  /** Whoever routes decodes the path; the rule must judge the same path, however it is written. */
  @ParameterizedTest
  @CsvSource({
    "/api/auth/login, 403",
    "/api/auth/register, 403",
    "/api/auth/%6cogin, 403",
    "/api/auth/%72egister, 403",
    "/%61pi/auth/login, 403",
    "/api/%61uth/%72%65gister, 403",
    "/api/auth/login?x=y, 403",
    "/api/auth/login;x=y, 400",
    "/api/auth;x=y/register, 400",
    "//api/auth/login, 400",
    "/api//auth/register, 400",
    "/api/auth/./login, 400",
    "/api/x/../auth/login, 400",
    "/api/auth%2flogin, 400",
    "/api/auth/%256cogin, 400",
    "/api/auth/Login, 401",
    "/API/auth/login, 404",
    "/api/auth/login/, 401"
  })
  void signingInNeedsTheTokenHoweverItsPathIsWritten(String path, int status) {
    var answer = post(path);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().allValues("Set-Cookie"))
        .noneMatch(cookie -> cookie.contains(Browser.SESSION));
  }

  private java.net.http.HttpResponse<String> post(String path) {
    String name = name();
    return browser()
        .post(
            path,
            Map.of("name", name, "email", Browser.emailOf(name), "password", Browser.PASSWORD));
  }

  @Test
  void aPasswordThatIsNoTextIsRefusedAndNotLookedAt() {
    Browser browser = signedUp();
    String half = "\"\\ud800 half of a character\"";

    assertProblem(
        browser.post(
            "/api/auth/login", "{\"email\":\"a@example.org\",\"password\":%s}".formatted(half)),
        400);
    assertProblem(
        browser.put(
            "/api/auth/password",
            "{\"current_password\":%s,\"new_password\":\"another horse\"}".formatted(half)),
        400);
    assertProblem(browser.send("DELETE", "/api/auth/me", "{\"password\":%s}".formatted(half)), 400);
  }

  @Test
  void manySessionCookiesCostNoMoreThanTwo() {
    Browser browser = signedUp();
    String own = browser.cookies().get(Browser.SESSION);
    String planted =
        IntStream.range(0, 200)
            .mapToObj(i -> "%s=%s".formatted(Browser.SESSION, encoded("planted " + i)))
            .collect(Collectors.joining("; "));
    long before = connectionsTaken();

    var answer = browser().get("/api/auth/me", "Cookie", planted);

    assertProblem(answer, 401);
    // What runs in the background takes some, too.
    assertThat(connectionsTaken() - before).isLessThan(40);
    var second = "%s=%s; %s=%s".formatted(Browser.SESSION, encoded("old"), Browser.SESSION, own);
    assertThat(browser().get("/api/auth/me", "Cookie", second).statusCode()).isEqualTo(200);
  }

  private static String encoded(String id) {
    return Base64.getEncoder().encodeToString(id.getBytes(UTF_8));
  }

  /** A session is looked up outside of transactions: each statement takes a connection. */
  private long connectionsTaken() {
    return metrics.get("hikaricp.connections.acquire").timer().count();
  }

  @Test
  void aWrongPasswordAndAnUnknownAddressLookTheSame() {
    String name = name();
    Browser.signedUp(port, name);
    Browser browser = browser();
    browser.get("/api/auth/me");

    var wrong =
        browser.post(
            "/api/auth/login", Map.of("email", Browser.emailOf(name), "password", "not this one"));
    var unknown =
        browser.post(
            "/api/auth/login",
            Map.of("email", "nobody-%s@example.org".formatted(name), "password", "not this one"));

    assertProblem(wrong, 401);
    assertProblem(unknown, 401);
    assertThat(Browser.json(wrong).get("error")).isEqualTo(Browser.json(unknown).get("error"));
  }

  @Test
  void anAddressHasOneAccount() {
    String name = name();
    Browser.signedUp(port, name);
    Browser browser = browser();
    browser.get("/api/auth/me");

    var again =
        browser.post(
            "/api/auth/register",
            Map.of(
                "name",
                "Another",
                "email",
                Browser.emailOf(name).toUpperCase(java.util.Locale.ROOT),
                "password",
                Browser.PASSWORD));

    assertProblem(again, 409);
  }

  @Test
  void weakPasswordsAndBadInputAreRefusedWithTheFieldNamed() {
    Browser browser = browser();
    browser.get("/api/auth/me");

    for (String password : List.of("seven77", "password", "12345678", "iloveyou", "qwertyui")) {
      var answer = register(browser, name(), password);
      assertProblem(answer, 400);
      assertThat(Browser.json(answer).get("errors").get(0).get("field").asString())
          .as(password)
          .isEqualTo("password");
    }
    assertProblem(browser.post("/api/auth/register", Map.of("name", "X")), 400);
    assertProblem(browser.post("/api/auth/register", "{not json"), 400);
    assertProblem(browser.post("/api/auth/register", "[]"), 400);
    assertProblem(
        browser.post(
            "/api/auth/register",
            "{\"name\":\"a\\u0000b\",\"email\":\"nul@example.org\",\"password\":\"%s\"}"
                .formatted(Browser.PASSWORD)),
        400);
    assertProblem(
        browser.post(
            "/api/auth/register",
            "{\"name\":\"a\\ud800b\",\"email\":\"sur@example.org\",\"password\":\"%s\"}"
                .formatted(Browser.PASSWORD)),
        400);
    assertProblem(
        browser.send(
            "POST",
            "/api/auth/login",
            BodyPublishers.ofString("email=a&password=b"),
            "Content-Type",
            "application/x-www-form-urlencoded"),
        415);
  }

  @Test
  void nobodyBecomesAnAdminByAsking() {
    Browser browser = browser();
    browser.get("/api/auth/me");
    String name = name();

    var answer =
        browser.post(
            "/api/auth/register",
            Map.of(
                "name",
                name,
                "email",
                Browser.emailOf(name),
                "password",
                Browser.PASSWORD,
                "role",
                "admin",
                "id",
                1));

    assertThat(Browser.json(answer).path("role").asString("user")).isEqualTo("user");
  }

  @Test
  void theHashIsArgon2AndNeverLeavesTheDatabase(CapturedOutput output) {
    String name = name();
    Browser browser = browser();
    browser.get("/api/auth/me");

    var registered = register(browser, name, Browser.PASSWORD);
    var again = register(browser, name, Browser.PASSWORD);
    var loggedIn = login(browser, Browser.emailOf(name));
    var me = browser.get("/api/auth/me");

    String hash = hashOf(name);
    assertThat(hash).startsWith("{argon2}$argon2id$");
    for (var answer : List.of(registered, again, loggedIn, me)) {
      assertThat(answer.body()).doesNotContain("argon2", "password_hash", hash, Browser.PASSWORD);
    }
    assertThat(output.getAll()).doesNotContain(hash, Browser.PASSWORD, Browser.emailOf(name));
  }

  @Test
  void aHashThatWasCheaperToMakeIsMadeAnewAtTheNextSignIn() {
    String name = name();
    var cheap = new Argon2PasswordEncoder(16, 32, 1, 512, 2);
    insertAccount(name, "{argon2}" + cheap.encode(Browser.PASSWORD));
    Browser browser = browser();
    browser.get("/api/auth/me");

    var answer =
        browser.post(
            "/api/auth/login",
            Map.of("email", Browser.emailOf(name), "password", Browser.PASSWORD));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(hashOf(name)).startsWith("{argon2}$argon2id$v=19$m=1024,t=2,p=1$");
  }

  @Test
  void anImportedPasswordIsTakenAndHashedAnew() {
    String name = name();
    // hashlib.pbkdf2_hmac("sha256", b"legacy password", b"saltsalt", 1000)
    insertAccount(
        name,
        "pbkdf2:sha256:1000$saltsalt$"
            + "a536694384a0dc5d88c5b3c79e7c3ae7b2c71f83f66b7f189ee821ac8e79696b");
    Browser browser = browser();
    browser.get("/api/auth/me");

    var answer =
        browser.post(
            "/api/auth/login",
            Map.of("email", Browser.emailOf(name), "password", "legacy password"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(hashOf(name)).startsWith("{argon2}$argon2id$");
    assertThat(
            browser
                .post(
                    "/api/auth/login",
                    Map.of("email", Browser.emailOf(name), "password", "legacy password"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void anInactiveAccountCannotSignIn() {
    String name = name();
    Browser.signedUp(port, name);
    database
        .sql("update account set active = false where email = :email")
        .param("email", Browser.emailOf(name))
        .update();
    Browser browser = browser();
    browser.get("/api/auth/me");

    assertProblem(login(browser, Browser.emailOf(name)), 401);
  }

  @Test
  void guessingIsSlowedDown() {
    String name = name();
    Browser.signedUp(port, name);
    Browser browser = browser();
    browser.get("/api/auth/me");

    for (int i = 0; i < 10; i++) {
      assertProblem(
          browser.post(
              "/api/auth/login", Map.of("email", Browser.emailOf(name), "password", "guess" + i)),
          401);
    }
    var answer = login(browser, Browser.emailOf(name));

    assertProblem(answer, 429);
    assertThat(answer.headers().firstValue("Retry-After").map(Integer::parseInt).orElseThrow())
        .isPositive();
  }

  @Test
  void pagesLeadToTheSignInPageAndNowhereElse() {
    for (String path :
        List.of(
            "/users/personas",
            "/users/personas?next=https://evil.example",
            "/users/personas?continue=//evil.example")) {
      var answer = browser().get(path, "X-Forwarded-Host", "evil.example");
      assertThat(answer.statusCode()).isEqualTo(302);
      assertThat(answer.headers().firstValue("Location")).contains("/login");
    }
  }

  @Test
  void callsWithoutSignInGetAProblemWithASecureFrame() {
    var answer = browser().get("/api/personas/available");

    assertProblem(answer, 401);
    assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(answer.headers().firstValue("Referrer-Policy")).isPresent();
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(answer.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void whatIsNotThereIsAProblemToo() {
    assertProblem(signedUp().get("/api/nothing"), 404);
    assertProblem(signedUp().get("/api/auth/login"), 405);
  }

  @Test
  void aRequestThatTomcatCannotReadIsAProblemToo() throws Exception {
    try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET /api/personas/a|b HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json", "\"error\":\"Bad Request\"")
          .doesNotContain("<html", "Tomcat");
    }
  }

  @Test
  void keysAreOpenAndHealthAndMetricsAreOnAPortOfTheirOwn() {
    assertThat(browser().get("/.well-known/jwks.json").statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "/actuator",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/actuator/prometheus")) {
      // Whatever a proxy that appends may say of where a request is from.
      for (String address : List.of("127.0.0.1", "10.0.0.7", "203.0.113.9")) {
        assertThat(browser().get(path, "X-Forwarded-For", address).statusCode()).isEqualTo(404);
      }
    }
    assertThat(operator().get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(operator().get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertThat(operator().get("/actuator/prometheus").statusCode()).isEqualTo(200);
    assertThat(operator().get("/actuator/env").statusCode()).isEqualTo(404);
    assertThat(operator().get("/api/auth/me").statusCode()).isIn(401, 404);
  }

  private java.net.http.HttpResponse<String> register(
      Browser browser, String name, String password) {
    return browser.post(
        "/api/auth/register",
        Map.of("name", name, "email", Browser.emailOf(name), "password", password));
  }

  private java.net.http.HttpResponse<String> login(Browser browser, String email) {
    return browser.post("/api/auth/login", Map.of("email", email, "password", Browser.PASSWORD));
  }

  private String hashOf(String name) {
    return database
        .sql("select password_hash from account where email = :email")
        .param("email", Browser.emailOf(name))
        .query(String.class)
        .single();
  }

  private void insertAccount(String name, String hash) {
    database
        .sql(
            """
            insert into account (name, email, password_hash, created_at)
            values (:name, :email, :hash, now())
            """)
        .param("name", name)
        .param("email", Browser.emailOf(name))
        .param("hash", hash)
        .update();
  }

  static void assertProblem(java.net.http.HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    var body = Browser.json(answer);
    assertThat(body.get("status").asInt()).isEqualTo(status);
    assertThat(body.get("error").asString()).isNotBlank().isEqualTo(body.get("detail").asString());
    assertThat(body.get("request_id").asString())
        .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
  }
}
