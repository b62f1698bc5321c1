package io.mybella.gateway;

import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/**
 * Two gateways that sign people in with a real provider, the second one with nothing else; and the
 * one of the other tests, which has no provider.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcSignInIT extends GatewayTest {

  private static final String START = "/api/auth/oidc";
  private static final String COOKIE = "MYBELLA_OIDC";

  private TestProvider provider;
  private AnotherGateway gateway;
  private AnotherGateway withoutLocalAccounts;

  @BeforeAll
  void start(@Autowired Environment first) {
    provider = new TestProvider();
    gateway = AnotherGateway.replicaOf(first, provider.settings());
    Map<String, String> settings = new HashMap<>(provider.settings());
    settings.put("mybella.gateway.account.local.enabled", "false");
    settings.put("mybella.gateway.account.admin.email", "root-without-a-way-in@example.org");
    settings.put("mybella.gateway.account.admin.password", "a long and winding road");
    withoutLocalAccounts = AnotherGateway.replicaOf(first, settings);
  }

  @AfterAll
  void end() {
    withoutLocalAccounts.close();
    gateway.close();
    provider.close();
  }

  @Test
  void theFirstSignInOpensAnAccountWithoutAPassword(CapturedOutput output) {
    String person = person();
    Browser browser = visitor();

    var question = browser.get(START);
    URI back = provider.answer(location(question), person);
    var answer = follow(browser, back);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    assertThat(location(answer)).isEqualTo("/users/personas");
    assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
    assertThat(answer.headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith(Browser.SESSION + "=")
                    .contains("HttpOnly", "SameSite=Lax", "Path=/"));
    assertThat(browser.cookies()).doesNotContainKey(COOKIE);
    JsonNode me = me(browser);
    assertThat(me.get("name").asString()).isEqualTo("Somebody " + person);
    assertThat(me.get("email").asString()).isEqualTo(person + "@provider.example");
    assertThat(me.get("role").asString()).isEqualTo("user");
    assertThat(me.get("has_password").asBoolean()).isFalse();
    assertThat(browser.post("/api/auth/api-keys", Map.of("name", "script")).statusCode())
        .as("the page has a fitting CSRF token")
        .isEqualTo(201);
    assertThat(output.getAll())
        .doesNotContain(
            parameters(back).get("code"),
            browser.cookies().get(Browser.SESSION),
            TestProvider.SECRET,
            person);
  }

  @Test
  void theQuestionIsBoundToTheBrowserAndToItsAnswer() {
    var question = visitor().get(START);

    Map<String, String> asked = parameters(URI.create(location(question)));
    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", TestProvider.CLIENT)
        .containsEntry("scope", "openid profile email")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry(
            "redirect_uri", "http://127.0.0.1:%d/api/auth/oidc/callback".formatted(gateway.port()));
    assertThat(List.of(asked.get("state"), asked.get("nonce"), asked.get("code_challenge")))
        .allSatisfy(random -> assertThat(random).hasSizeGreaterThanOrEqualTo(43));
    assertThat(question.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
    String cookie =
        question.headers().allValues("Set-Cookie").stream()
            .filter(each -> each.startsWith(COOKIE + "="))
            .findFirst()
            .orElseThrow();
    assertThat(cookie)
        .contains("HttpOnly", "SameSite=Lax", "Path=/api/auth/oidc", "Max-Age=600")
        .doesNotContain(asked.get("state"));
  }

  @Test
  void whoComesAgainHasTheSameAccountWhateverTheirAddressIsNow() {
    String person = person();
    Browser browser = signedIn(person);
    provider.person(person, Map.of("email", "moved-" + person + "@provider.example"));

    Browser elsewhere = signedIn(person);

    assertThat(me(elsewhere)).isEqualTo(me(browser));
    assertThat(me(elsewhere).get("email").asString()).isEqualTo(person + "@provider.example");
  }

  @Test
  void aPersonWhoComesInTwiceAtOnceHasOneAccount() throws Exception {
    String person = person();
    Callable<Long> once = () -> me(signedIn(person)).get("id").asLong();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Set<Long> ids = new HashSet<>();
      for (Future<Long> done : threads.invokeAll(List.of(once, once, once, once))) {
        ids.add(done.get());
      }
      assertThat(ids).hasSize(1);
    }
  }

  @Test
  void anAddressThatSomebodyHasHereOpensNothing() {
    String name = name();
    Browser owner = Browser.signedUp(gateway.port(), name);
    String thief = "thief-of-" + name;
    provider.person(
        thief,
        Map.of("email", Browser.emailOf(name).toUpperCase(java.util.Locale.ROOT), "name", "Thief"));
    double before = signIns("email-taken");
    Browser browser = visitor();

    assertRefused(signIn(browser, thief), "email-taken");
    assertRefused(signIn(browser, thief), "email-taken");

    assertProblem(browser.get("/api/auth/me"), 401);
    assertThat(me(owner).get("name").asString()).isEqualTo(name);
    assertThat(identities(thief)).isZero();
    assertThat(signIns("email-taken")).isEqualTo(before + 2);
  }

  @Test
  void whoseAddressIsUnknownOrUnverifiedIsRefused() {
    for (Object none : List.of("", "no address", "a b@example.org", 7, List.of("a@example.org"))) {
      String person = person();
      provider.person(person, Map.of("email", none));
      assertRefused(signIn(visitor(), person), "email-missing");
    }
    String withoutAny = person();
    provider.person(withoutAny, Map.of());
    assertRefused(signIn(visitor(), withoutAny), "email-missing");
    String unverified = person();
    provider.person(
        unverified, Map.of("email", unverified + "@provider.example", "email_verified", false));
    assertRefused(signIn(visitor(), unverified), "email-unverified");
    assertThat(identities(unverified)).isZero();

    provider.person(
        unverified, Map.of("email", unverified + "@provider.example", "email_verified", true));
    assertThat(me(signedIn(unverified)).get("name").asString())
        .as("a mailbox stands in for a name")
        .isEqualTo(unverified);
  }

  @Test
  void namesAreMadeFitToBeShown() {
    String person = person();
    provider.person(
        person,
        Map.of("email", person + "@provider.example", "name", "A\u0000\r\nB" + "c".repeat(200)));

    String name = me(signedIn(person)).get("name").asString();

    assertThat(name).startsWith("A").hasSize(100).doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void theRoleFollowsTheClaimAtEverySignIn() {
    String person = person();
    Map<String, Object> claims = new HashMap<>();
    claims.put("email", person + "@provider.example");
    provider.person(person, claims);
    assertThat(me(signedIn(person)).get("role").asString()).isEqualTo("user");

    claims.put("realm_access", Map.of("roles", List.of("other", "mybella-admin")));
    Browser admin = signedIn(person);
    assertThat(me(admin).get("role").asString()).isEqualTo("admin");

    claims.put("realm_access", Map.of("roles", List.of("mybella-administrator")));
    assertThat(me(signedIn(person)).get("role").asString()).isEqualTo("user");
    assertProblem(admin.get("/api/auth/me"), 401);
  }

  @Test
  void anAnswerWithoutItsQuestionSignsNobodyIn() {
    String person = person();
    Browser browser = visitor();
    URI back = provider.answer(location(browser.get(START)), person);
    Browser stranger = visitor();
    stranger.get(START);

    assertRefused(follow(visitor(), back), "stale");
    assertRefused(follow(stranger, back), "stale");
    assertRefused(
        browser.copy(gateway.port()).get(START + "/callback?code=x&state=guessed"), "stale");
    assertRefused(browser.copy(gateway.port()).get(START + "/callback?code=x"), "stale");
    assertRefused(browser.copy(gateway.port()).get(START + "/callback"), "stale");
    Browser tampering = browser.copy(gateway.port());
    tampering.cookies().computeIfPresent(COOKIE, (_, value) -> flipped(value));
    assertRefused(follow(tampering, back), "stale");

    assertThat(identities(person)).isZero();
    assertThat(location(follow(browser, back))).isEqualTo("/users/personas");
  }

  @Test
  void anAnswerIsGoodOnce() {
    Browser browser = visitor();
    URI back = provider.answer(location(browser.get(START)), person());
    Browser again = browser.copy(gateway.port());
    Browser thief = browser.copy(gateway.port());
    follow(browser, back);

    assertRefused(follow(again, back), "stale");
    assertRefused(follow(browser, back), "stale");
    assertRefused(follow(thief, back), "stale");
    assertProblem(thief.get("/api/auth/me"), 401);
    assertThat(browser.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void whoSaysNoAtTheProviderIsTold(CapturedOutput output) {
    Browser browser = visitor();
    String state = parameters(URI.create(location(browser.get(START)))).get("state");
    assertRefused(
        browser.get(START + "/callback?error=access_denied&state=" + encoded(state)), "declined");

    state = parameters(URI.create(location(browser.get(START)))).get("state");
    assertRefused(
        browser.get(START + "/callback?error=invalid_scope%0aforged&state=" + encoded(state)),
        "provider");
    assertThat(output.getAll()).contains("refuses a sign-in: invalid_scope?forged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/a%0d%0aLocation:%20https://evil.example"
      })
  void nobodyIsLedElsewhere(String target) {
    Browser browser = visitor();
    var question = browser.get(START + "?return_to=" + encoded(target));

    var answer = follow(browser, provider.answer(location(question), person()));

    assertThat(location(answer)).isEqualTo("/users/personas");
  }

  @Test
  void thePageOneCameFromIsShownAgain() {
    Browser browser = visitor();
    var question = browser.get(START + "?return_to=" + encoded("/users/account?tab=keys"));

    var answer = follow(browser, provider.answer(location(question), person()));

    assertThat(location(answer)).isEqualTo("/users/account?tab=keys");
  }

  @Test
  void theSessionIsANewOneAndAPlantedOneEnds() {
    Browser victim = Browser.signedUp(gateway.port(), name());
    Browser thief = victim.copy(gateway.port());
    String before = victim.cookies().get(Browser.SESSION);

    signIn(victim, person());

    assertThat(victim.cookies().get(Browser.SESSION)).isNotEqualTo(before);
    assertThat(victim.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertProblem(thief.get("/api/auth/me"), 401);
  }

  @Test
  void anInactiveAccountIsRefused() {
    String person = person();
    long id = me(signedIn(person)).get("id").asLong();
    database.sql("update account set active = false where id = :id").param("id", id).update();

    assertRefused(signIn(visitor(), person), "inactive");
  }

  @Test
  void withoutAPasswordAFreshSignInDeletesTheAccount() {
    String person = person();
    Browser browser = signedIn(person);
    long id = me(browser).get("id").asLong();
    assertThat(Browser.json(browser.get("/api/auth/sessions"))).hasSize(1);
    anHourAgo(id);
    assertProblem(browser.send("DELETE", "/api/auth/me", "{}"), 403);
    assertProblem(browser.send("DELETE", "/api/auth/me", "{\"password\": \"guess\"}"), 403);

    signIn(browser, person);
    var deleted = browser.send("DELETE", "/api/auth/me", "{}");

    assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(202);
    assertThat(identities(person)).isZero();
    assertProblem(browser.get("/api/auth/me"), 401);
    assertThat(me(signedIn(person)).get("id").asLong()).isGreaterThan(id);
  }

  @Test
  void aPasswordCanBeSetAndSignsInFromThenOn() {
    String person = person();
    Browser browser = signedIn(person);
    String email = me(browser).get("email").asString();
    assertProblem(login(email), 401);
    anHourAgo(me(browser).get("id").asLong());
    assertProblem(browser.put("/api/auth/password", newPassword()), 403);

    signIn(browser, person);
    assertThat(browser.put("/api/auth/password", newPassword()).statusCode()).isEqualTo(204);

    assertThat(me(browser).get("has_password").asBoolean()).isTrue();
    assertThat(login(email).statusCode()).isEqualTo(200);
    assertThat(me(signedIn(person))).isEqualTo(me(browser));
  }

  @Test
  void anotherReplicaFinishesWhatOneBegan() {
    String person = person();
    Browser here = visitor();
    URI back = provider.answer(location(here.get(START)), person);
    Browser there = here.copy(withoutLocalAccounts.port());

    assertThat(location(follow(there, back))).isEqualTo("/users/personas");

    assertThat(me(there.copy(gateway.port())).get("name").asString())
        .isEqualTo("Somebody " + person);
  }

  @Test
  void withoutLocalAccountsTheProviderIsTheOnlyWay() {
    String name = name();
    Browser.signedUp(gateway.port(), name);
    Browser browser = new Browser(withoutLocalAccounts.port());
    browser.get("/api/auth/me");

    for (var answer :
        List.of(
            browser.login(name, Browser.PASSWORD),
            browser.post("/api/auth/login", "{"),
            browser.post("/api/auth/register", Map.of("name", "X")))) {
      assertProblem(answer, 404);
      assertThat(Browser.json(answer).get("error").asString()).contains("sign-in page");
    }
    signIn(browser, person());
    assertProblem(browser.put("/api/auth/password", newPassword()), 404);
    assertThat(browser.send("DELETE", "/api/auth/me", "{}").statusCode()).isEqualTo(202);
    assertThat(new Browser(withoutLocalAccounts.port()).get("/login").body())
        .contains("<sign-in provider=\"Test Provider\">");
    assertThat(
            database
                .sql("select count(*) from account where email like 'root-without%'")
                .query(Long.class)
                .single())
        .as("an administrator who could not sign in")
        .isZero();
  }

  @Test
  void theSignInPageOffersTheProvider() {
    assertThat(visitor().get("/login").body())
        .contains("<sign-in local-accounts provider=\"Test Provider\">");
    assertThat(visitor().get("/login?problem=stale").statusCode()).isEqualTo(200);
    assertThat(browser().get("/login").body()).contains("<sign-in local-accounts>");
  }

  @Test
  void aGatewayWithoutAProviderHasNothingOfIt() {
    assertProblem(browser().get(START), 404);
    assertProblem(browser().get(START + "/callback?code=x&state=y"), 404);
    assertProblem(signedUp().get(START), 404);
  }

  private Browser visitor() {
    return new Browser(gateway.port());
  }

  /** Somebody at the provider whom nobody here knows. */
  private String person() {
    String subject = "subject-of-" + name().toLowerCase(java.util.Locale.ROOT);
    provider.person(
        subject, Map.of("email", subject + "@provider.example", "name", "Somebody " + subject));
    return subject;
  }

  private Browser signedIn(String person) {
    Browser browser = visitor();
    assertThat(location(signIn(browser, person))).isEqualTo("/users/personas");
    return browser;
  }

  private HttpResponse<String> signIn(Browser browser, String person) {
    return follow(browser, provider.answer(location(browser.get(START)), person));
  }

  private HttpResponse<String> login(String email) {
    Browser browser = visitor();
    browser.get("/api/auth/me");
    return browser.post("/api/auth/login", Map.of("email", email, "password", Browser.PASSWORD));
  }

  private static Map<String, String> newPassword() {
    return Map.of("new_password", Browser.PASSWORD);
  }

  private static HttpResponse<String> follow(Browser browser, URI back) {
    return browser.get(back.getRawPath() + "?" + back.getRawQuery());
  }

  private static JsonNode me(Browser browser) {
    var answer = browser.get("/api/auth/me");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Browser.json(answer);
  }

  private long identities(String subject) {
    return database
        .sql("select count(*) from external_identity where subject = :subject")
        .param("subject", subject)
        .query(Long.class)
        .single();
  }

  private void anHourAgo(long accountId) {
    database
        .sql(
            "update credential set created_at = created_at - interval '1 hour'"
                + " where account_id = :id")
        .param("id", accountId)
        .update();
  }

  private double signIns(String outcome) {
    return new Browser(gateway.managementPort())
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith("mybella_gateway_oidc_sign_ins_total"))
        .filter(line -> line.contains("outcome=\"%s\"".formatted(outcome)))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  static void assertRefused(HttpResponse<String> answer, String problem) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    assertThat(location(answer)).isEqualTo("/login?problem=" + problem);
  }

  static String location(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new AssertionError(answer + answer.body()));
  }

  static Map<String, String> parameters(URI address) {
    return Arrays.stream(address.getRawQuery().split("&", -1))
        .map(each -> each.split("=", 2))
        .collect(
            Collectors.toMap(
                each -> each[0], each -> URLDecoder.decode(each[1], StandardCharsets.UTF_8)));
  }

  static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String flipped(String value) {
    char last = value.charAt(40);
    return Stream.of(value.substring(0, 40), last == 'A' ? "B" : "A", value.substring(41))
        .collect(Collectors.joining());
  }
}
