package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.net.HttpCookie;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * An account and what proves that one is its holder. A proof is a set of headers, to be sent as
 * they are or damaged first.
 */
final class Account {

  /** Everybody's. */
  static final String PASSWORD = "everybody in here has the same one";

  static final String SESSION = "MYBELLA_SESSION";
  static final String TOKEN = "XSRF-TOKEN";
  static final String TOKEN_HEADER = "X-XSRF-TOKEN";

  private final TestPlatform platform;
  private final long id;
  private final String email;
  private Map<String, String> session;

  private Account(TestPlatform platform, long id, String email, Map<String, String> session) {
    this.platform = platform;
    this.id = id;
    this.email = email;
    this.session = session;
  }

  /** Registers an account with an address that nobody else has. */
  static Account register(TestPlatform platform, String name) {
    String email = freshEmail(name);
    Answer registered =
        Call.of("POST", "/api/auth/register")
            .json(Map.of("name", name, "email", email, "password", PASSWORD))
            .send(platform.baseUrl(), visitor());
    assertThat(registered.status()).as("%s", registered.body()).isEqualTo(201);
    return new Account(
        platform, registered.body().path("id").asLong(), email, sessionOf(registered));
  }

  /** Registers an account and makes it an administrator's. */
  static Account administrator(TestPlatform platform) throws SQLException {
    Account account = register(platform, "Administrator");
    try (Connection database = platform.superuser(Service.GATEWAY);
        PreparedStatement promotion =
            database.prepareStatement("UPDATE account SET role = 'admin' WHERE id = ?")) {
      promotion.setLong(1, account.id);
      promotion.executeUpdate();
    }
    // A session keeps the role that the account had when it began.
    account.session = account.newSession();
    return account;
  }

  static String freshEmail(String name) {
    return name.toLowerCase(Locale.ROOT) + "." + UUID.randomUUID() + "@example.org";
  }

  /** Headers of somebody who has only looked at the sign-in page. */
  static Map<String, String> visitor() {
    return proof(Map.of(TOKEN, "11111111-2222-4333-8444-555555555555"));
  }

  long id() {
    return id;
  }

  String email() {
    return email;
  }

  /** The session cookie, and the token that proves that a page of ours sends it. */
  Map<String, String> session() {
    return session;
  }

  /** The same as a browser keeps it: cookies by name. */
  Map<String, String> cookies() {
    var cookies = new LinkedHashMap<String, String>();
    for (String cookie : session.get("Cookie").split("; ", -1)) {
      int at = cookie.indexOf('=');
      cookies.put(cookie.substring(0, at), cookie.substring(at + 1));
    }
    return cookies;
  }

  /** The session cookie alone, as a foreign page makes a browser send it. */
  Map<String, String> sessionWithoutToken() {
    return withoutToken(session);
  }

  /** Another session of the same account. */
  Map<String, String> newSession() {
    Answer signedIn =
        Call.of("POST", "/api/auth/login")
            .json(Map.of("email", email, "password", PASSWORD))
            .send(platform.baseUrl(), visitor());
    assertThat(signedIn.status()).as("%s", signedIn.body()).isEqualTo(200);
    return sessionOf(signedIn);
  }

  /** Ends the session from elsewhere: whoever still holds its cookie is signed out. */
  void endSession() {
    String current =
        get("/api/auth/sessions")
            .body()
            .valueStream()
            .filter(each -> each.path("current").asBoolean())
            .map(each -> each.path("id").asString())
            .findFirst()
            .orElseThrow();
    call(Call.of("DELETE", "/api/auth/sessions/" + current), 204);
  }

  /** Another session, which nobody has used for longer than a session lives. */
  Map<String, String> expiredSession() throws SQLException {
    Map<String, String> proof = newSession();
    try (Connection database = platform.superuser(Service.GATEWAY);
        PreparedStatement ageing =
            database.prepareStatement(
                """
                UPDATE credential SET created_at = 'epoch', last_used_at = 'epoch'
                WHERE secret_hash = sha256(convert_to(?, 'UTF8'))
                """)) {
      ageing.setString(1, sessionSecret(proof));
      assertThat(ageing.executeUpdate()).as("sessions made old").isOne();
    }
    return proof;
  }

  /** A new API key: {@code id} and {@code key}. */
  Answer newKey(String name) {
    return call(Call.of("POST", "/api/auth/api-keys").json(Map.of("name", name)), 201);
  }

  /** A new API key, ready to be sent. */
  Map<String, String> key() {
    return bearer(newKey("program").body().path("key").asString());
  }

  /** An API key that was good until a moment ago. */
  Map<String, String> revokedKey() {
    Answer key = newKey("revoked");
    call(Call.of("DELETE", "/api/auth/api-keys/" + key.body().path("id").asString()), 204);
    return bearer(key.body().path("key").asString());
  }

  /** Sends it with the session. */
  Answer call(Call call) {
    return call.send(platform.baseUrl(), session);
  }

  /** Sends it with the session, and insists on the status. */
  Answer call(Call call, int status) {
    Answer answer = call(call);
    assertThat(answer.status()).as("%s: %s", call, answer.body()).isEqualTo(status);
    return answer;
  }

  /** GET of JSON with the session. */
  Answer get(String path) {
    return call(Call.of("GET", path));
  }

  /** Makes a persona of this account's own; returns its id. */
  long persona(String name) {
    return call(Call.of("POST", "/api/personas/create").json(Map.of("name", name)), 201)
        .body()
        .at("/persona/id")
        .asLong();
  }

  URI server() {
    return platform.baseUrl();
  }

  static Map<String, String> bearer(String secret) {
    return Map.of("Authorization", "Bearer " + secret);
  }

  static Map<String, String> withoutToken(Map<String, String> proof) {
    var stripped = new LinkedHashMap<>(proof);
    stripped.remove(TOKEN_HEADER);
    return stripped;
  }

  /** The cookies that the answer sets are the proof of the session that it begins. */
  static Map<String, String> sessionOf(Answer answer) {
    var cookies = new LinkedHashMap<String, String>();
    for (String header : answer.raw().headers().allValues("Set-Cookie")) {
      HttpCookie.parse(header).forEach(each -> cookies.put(each.getName(), each.getValue()));
    }
    assertThat(cookies).containsKeys(SESSION, TOKEN);
    return proof(cookies);
  }

  private static Map<String, String> proof(Map<String, String> cookies) {
    var headers = new LinkedHashMap<String, String>();
    headers.put(
        "Cookie",
        String.join(
            "; ", cookies.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
    headers.put(TOKEN_HEADER, cookies.get(TOKEN));
    return headers;
  }

  private static String sessionSecret(Map<String, String> proof) {
    return proof.get("Cookie").replaceAll(".*" + SESSION + "=([^;]+).*", "$1");
  }
}
