package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.mybella.chassis.testing.TestTokens;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Accounts of an old installation, handed over by the operator. */
class AccountImportIT extends GatewayTest {

  private static final String[] OPERATOR = {"Authorization", "Bearer " + TestTokens.OPERATOR};

  /** Of {@code legacy password}, as Werkzeug writes it. */
  private static final String HASH =
      "pbkdf2:sha256:1000$saltsalt$"
          + "a536694384a0dc5d88c5b3c79e7c3ae7b2c71f83f66b7f189ee821ac8e79696b";

  /** Ever smaller ones, because who registers gets one above all that were imported. */
  private static final AtomicInteger NUMBERS = new AtomicInteger(700_000);

  private final String source = "file-" + NUMBERS.decrementAndGet();

  @Test
  void anAccountKeepsItsNumberItsPasswordAndItsRole() {
    String name = name();
    var admin =
        row(
            NUMBERS.decrementAndGet(),
            name,
            Browser.emailOf(name).toUpperCase(java.util.Locale.ROOT));
    admin.put("role", "admin");
    admin.put("created_at", "2020-02-03T04:05:06Z");
    String idle = name();
    var inactive = row(NUMBERS.decrementAndGet(), idle, Browser.emailOf(idle));
    inactive.put("active", false);

    JsonNode results = accounts("skip", admin, inactive);
    JsonNode again = accounts("attach", admin, inactive);

    assertThat(outcomes(results)).containsExactly("imported", "imported");
    assertThat(results.get(0).get("id").asInt()).isEqualTo(admin.get("old_id"));
    assertThat(results.get(0).has("reason")).isFalse();
    assertThat(outcomes(again)).containsExactly("present", "present");
    assertThat(again.get(0).get("id")).isEqualTo(results.get(0).get("id"));
    JsonNode me = Browser.json(login(name, "legacy password"));
    assertThat(me.get("id").asInt()).isEqualTo(admin.get("old_id"));
    assertThat(me.get("role").asString()).isEqualTo("admin");
    assertThat(login(name, "another password").statusCode()).isEqualTo(401);
    assertThat(login(idle, "legacy password").statusCode()).isEqualTo(401);
    assertThat(
            database
                .sql("select created_at = '2020-02-03T04:05:06Z' from account where id = ?")
                .param(admin.get("old_id"))
                .query(Boolean.class)
                .single())
        .isTrue();
    assertThat(numberOf(signedUp())).as("given later").isGreaterThan(me.get("id").asLong());
  }

  @Test
  void aNumberThatSomebodyHasOrHadIsNotGivenAgain() {
    long taken = numberOf(signedUp());
    long erased = NUMBERS.decrementAndGet();
    database
        .sql(
            "insert into erasure (id, user_id, requested_at, told_at)"
                + " values (?, ?, now(), 'infinity')")
        .params(UUID.randomUUID(), erased)
        .update();
    String one = name();
    String two = name();
    String three = name();

    JsonNode results =
        accounts(
            "skip",
            row(taken, one, Browser.emailOf(one)),
            row(erased, two, Browser.emailOf(two)),
            row(9_000_000_000_000_000_000L, three, Browser.emailOf(three)));

    assertThat(outcomes(results)).containsOnly("imported");
    assertThat(results.valueStream().map(each -> each.get("reason").asString()))
        .allMatch(reason -> reason.contains("another number"));
    assertThat(results.valueStream().map(each -> each.get("id").asLong()))
        .doesNotContain(taken, erased)
        .allMatch(id -> id < 1_000_000_000);
  }

  @Test
  void whoHasAnAddressHereGetsAHistoryOnlyWhenTheOperatorVouchesForIt() {
    String name = name();
    Browser here = Browser.signedUp(port, name);
    var row = row(NUMBERS.decrementAndGet(), "Somebody", " " + Browser.emailOf(name) + " ");
    row.put("role", "admin");

    JsonNode skipped = accounts("skip", row).get(0);
    JsonNode unsaid = accounts(null, row).get(0);
    JsonNode attached = accounts("attach", row).get(0);
    JsonNode again = accounts("skip", row).get(0);

    assertThat(skipped.get("outcome").asString()).isEqualTo("skipped");
    assertThat(skipped.has("id")).isFalse();
    assertThat(unsaid.get("outcome").asString()).isEqualTo("skipped");
    assertThat(attached.get("outcome").asString()).isEqualTo("present");
    assertThat(attached.get("id").asLong()).isEqualTo(numberOf(here));
    assertThat(again).isEqualTo(attached);
    JsonNode me = Browser.json(here.get("/api/auth/me"));
    assertThat(me.get("role").asString()).isEqualTo("user");
    assertThat(me.get("name").asString()).isEqualTo(name);
    assertThat(login(name, Browser.PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void twoPeopleOfOneFileAreNeverTakenForOne() {
    String name = name();
    String email = Browser.emailOf(name);
    var first = row(NUMBERS.decrementAndGet(), name, email);
    var second = row(NUMBERS.decrementAndGet(), name, email.toUpperCase(java.util.Locale.ROOT));
    second.put("fallback_email", "imported-%s@mybella.invalid".formatted(second.get("old_id")));
    var third = row(NUMBERS.decrementAndGet(), name, email);

    JsonNode results = accounts("attach", first, second, third);
    JsonNode later = accounts("attach", third);

    assertThat(outcomes(results)).containsExactly("imported", "imported", "skipped");
    assertThat(results.get(1).get("reason").asString()).contains("address");
    assertThat(results.get(1).get("id").asInt()).isEqualTo(second.get("old_id"));
    assertThat(outcomes(later)).as("as it was in one request").containsExactly("skipped");
  }

  @Test
  void whoHasLeftSinceDoesNotComeBack() {
    String name = name();
    var row = row(NUMBERS.decrementAndGet(), name, Browser.emailOf(name));
    accounts("skip", row);
    Browser browser = browser();
    browser.get("/api/auth/me");
    assertThat(browser.login(name, "legacy password").statusCode()).isEqualTo(200);
    assertThat(
            browser
                .send("DELETE", "/api/auth/me", Browser.json(Map.of("password", "legacy password")))
                .statusCode())
        .isEqualTo(202);

    JsonNode again = accounts("attach", row).get(0);

    assertThat(again.get("outcome").asString()).isEqualTo("skipped");
    assertThat(again.get("reason").asString()).isEqualTo("deleted here since it was imported");
    assertThat(login(name, "legacy password").statusCode()).isEqualTo(401);
  }

  @Test
  void whatCannotBeUsedIsLeftOutAndTheReasonSaysWhat() {
    String name = name();
    var strange = row(NUMBERS.decrementAndGet(), "  two\nlines " + "x".repeat(200), "a\u0000b");
    strange.put("fallback_email", Browser.emailOf(name));
    strange.put("password_hash", "md5$salt$0123456789abcdef");
    strange.put("created_at", "9999-12-31T23:59:59Z");
    var nobody = row(NUMBERS.decrementAndGet(), "", "");

    JsonNode results = accounts("skip", strange, nobody);

    assertThat(outcomes(results)).containsExactly("imported", "skipped");
    assertThat(results.get(0).get("reason").asString())
        .contains("address", "name was", "no password")
        .doesNotContain("lines", "md5", "example.org");
    assertThat(login(name, "").statusCode()).isEqualTo(401);
    assertThat(
            database
                .sql("select name from account where id = ?")
                .param(results.get(0).get("id").asLong())
                .query(String.class)
                .single())
        .startsWith("two lines xxx")
        .hasSize(100);
  }

  @Test
  void whatCannotBeReadIsRefusedAndNothingOfItStays() {
    String name = name();
    var good = row(NUMBERS.decrementAndGet(), name, Browser.emailOf(name));
    var bad = new HashMap<>(good);
    bad.put("key", "users:other");
    bad.put("role", "root");
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 501; i++) {
      many.add(row(NUMBERS.decrementAndGet(), name, "x" + i));
    }
    for (Object body :
        List.of(
            "{}",
            "{\"rows\":[]}",
            "[]",
            "nothing",
            Map.of("source", "../etc", "rows", List.of(good)),
            Map.of("same_email", "merge", "rows", List.of(good)),
            Map.of("rows", List.of(good, good)),
            Map.of("rows", List.of(good, bad)),
            Map.of("rows", many))) {
      var answer = post(Browser.json(body));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(Browser.json(answer).get("error").asString()).isNotBlank();
    }
    assertThat(post("{\"rows\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(login(name, "legacy password").statusCode()).isEqualTo(401);
  }

  @Test
  void nobodyButTheOperatorImports() {
    String name = name();
    String body = Browser.json(Map.of("rows", List.of(row(1, name, Browser.emailOf(name)))));
    Browser signedIn = signedUp();
    String key = signedIn.newKey();
    for (Browser other : List.of(browser(), signedIn, browser().withKey(key))) {
      assertThat(other.send("POST", "/internal/import/accounts", body).statusCode()).isEqualTo(401);
    }
    assertThat(
            browser()
                .send(
                    "POST",
                    "/internal/import/accounts",
                    BodyPublishers.ofString(body),
                    "Content-Type",
                    "application/json",
                    OPERATOR[0],
                    OPERATOR[1],
                    "X-Forwarded-For",
                    "192.0.2.1")
                .statusCode())
        .isEqualTo(404);
    assertThat(browser().get("/api/auth/me", OPERATOR).statusCode()).isEqualTo(401);
    assertThat(login(name, "legacy password").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/internal/import/personas",
        "/internal/import/messages",
        "/internal/import/samples/1/2",
        "/internal/",
        "/internal",
        "/api/personas/../../internal/import/personas",
        "/api/personas/%2e%2e/%2e%2e/internal/import/personas",
        "/api/personas/..%2f..%2finternal/import/personas",
        "//internal/import/personas"
      })
  void noServiceIsEverAskedForWhatIsTheOperators(String path) {
    for (Browser caller : List.of(browser(), signedUp())) {
      for (String[] headers : List.of(new String[] {"Accept", "*/*"}, OPERATOR)) {
        assertThat(caller.send("POST", path, BodyPublishers.ofString("{}"), headers).statusCode())
            .isIn(400, 401, 403, 404);
        assertThat(caller.get(path, headers).statusCode()).isIn(400, 401, 403, 404);
      }
    }
    for (WireMockServer service : List.of(PERSONA, MEMORY, VOICE)) {
      service.verify(0, anyRequestedFor(anyUrl()));
    }
  }

  private static Map<String, @Nullable Object> row(long oldId, String name, String email) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("key", "users:" + oldId);
    row.put("old_id", oldId <= Integer.MAX_VALUE ? (Object) (int) oldId : (Object) oldId);
    row.put("name", name);
    row.put("email", email);
    row.put("password_hash", HASH);
    row.put("role", "user");
    row.put("active", true);
    return row;
  }

  private JsonNode accounts(@Nullable String sameEmail, Object... rows) {
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put("source", source);
    body.put("same_email", sameEmail);
    body.put("rows", List.of(rows));
    var answer = post(Browser.json(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Browser.json(answer).get("results");
  }

  private HttpResponse<String> post(String body) {
    return browser()
        .send(
            "POST",
            "/internal/import/accounts",
            BodyPublishers.ofString(body),
            "Content-Type",
            "application/json",
            OPERATOR[0],
            OPERATOR[1]);
  }

  private HttpResponse<String> login(String name, String password) {
    Browser browser = browser();
    browser.get("/api/auth/me");
    return browser.login(name, password);
  }

  private static long numberOf(Browser signedIn) {
    return Browser.json(signedIn.get("/api/auth/me")).get("id").asLong();
  }

  private static List<String> outcomes(JsonNode results) {
    return results.valueStream().map(each -> each.get("outcome").asString()).toList();
  }
}
