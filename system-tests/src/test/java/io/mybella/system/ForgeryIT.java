package io.mybella.system;

import static io.mybella.system.LegacyPersonasIT.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.system.AccessTable.Row;
import io.mybella.system.ApiClient.Answer;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Claims to be somebody else: in headers, bodies, cursors and tokens, at every door. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class ForgeryIT {

  private static final OpenApi CONTRACT = new OpenApi();

  /** Whom operations that only read are about. */
  private static Owner owner;

  private static Onlooker victim;

  @BeforeAll
  static void moveIn(TestPlatform platform) {
    owner = new Owner(platform);
    victim = Onlooker.register(platform, "Victim");
  }

  static Stream<Row> behindTheGateway() {
    return AccessTable.read().ofOwner().stream()
        .filter(each -> !CONTRACT.service(each.operation()).equals("gateway"));
  }

  @ParameterizedTest
  @MethodSource("behindTheGateway")
  void aServiceAnswersNobodyWithoutATokenOfTheGateway(Row row, TestPlatform platform)
      throws SQLException, GeneralSecurityException {
    Operation operation = row.operation();
    URI service =
        platform.url(Service.valueOf(CONTRACT.service(operation).toUpperCase(Locale.ROOT)));
    Scene scene =
        operation.isRead()
            ? Scene.shared(owner, operation)
            : Scene.with(new Owner(platform), operation);

    forgeries(platform, scene.owner())
        .forEach(
            (forgery, headers) -> {
              Answer answer = scene.send(service, scene.call(), headers);
              assertThat(answer.status()).as(forgery).isEqualTo(401);
              assertThat(answer.body().path("error").asString(""))
                  .as(forgery)
                  .isEqualTo("Sign in to continue");
            });

    // The same request with the right token is served: it is the forgery that is refused.
    String genuine = Token.of(platform, scene.owner().account().id()).signed();
    Answer served = scene.send(service, scene.call(), Account.bearer(genuine));
    assertThat(served.status())
        .as("%s with the right token: %s", row, served.body())
        .isEqualTo(row.status(Visitor.OWNER.heading()));
  }

  private static Map<String, Map<String, String>> forgeries(TestPlatform platform, Owner owner)
      throws SQLException, GeneralSecurityException {
    Account user = owner.account();
    long past = Instant.now().minusSeconds(600).getEpochSecond();
    var forgeries = new LinkedHashMap<String, Map<String, String>>();
    forgeries.put("nothing", Map.of());
    forgeries.put("identity headers", identity(user.id()));
    forgeries.put("the session of the gateway", user.session());
    forgeries.put("an API key", owner.proof(Visitor.KEY));
    forgeries.put("alg none", Account.bearer(token(platform, user).unsigned()));
    forgeries.put(
        "HMAC with the public key", Account.bearer(token(platform, user).sealedWithPublicKey()));
    forgeries.put(
        "a stranger's signature", Account.bearer(token(platform, user).signedByStranger()));
    forgeries.put("expired", Account.bearer(token(platform, user).claim("exp", past).signed()));
    forgeries.put(
        "another issuer", Account.bearer(token(platform, user).claim("iss", "other").signed()));
    forgeries.put(
        "another audience", Account.bearer(token(platform, user).claim("aud", "other").signed()));
    forgeries.put(
        "another type", Account.bearer(token(platform, user).header("typ", "JWT").signed()));
    forgeries.put(
        "an unknown role", Account.bearer(token(platform, user).claim("role", "root").signed()));
    return forgeries;
  }

  @Test
  void noHeaderMakesACallerSomebodyElse(TestPlatform platform) {
    Account owner = Account.register(platform, "Owner");
    Account stranger = Account.register(platform, "Stranger");
    String persona = "/api/personas/" + owner.persona("Private");

    for (Map<String, String> proof : List.of(stranger.session(), stranger.key())) {
      var headers = new LinkedHashMap<>(identity(owner.id()));
      headers.putAll(proof);
      assertThat(Call.of("GET", persona).send(platform.baseUrl(), headers).status()).isEqualTo(404);
      assertThat(get(platform, "/api/personas/available", headers).body()).hasSize(6);
      assertThat(get(platform, "/api/auth/me", headers).body().path("id").asLong())
          .isEqualTo(stranger.id());
      assertThat(
              Call.of("PUT", "/api/personas/1")
                  .json(Map.of("tagline", "Mine"))
                  .send(platform.baseUrl(), headers)
                  .status())
          .isEqualTo(403);
    }
    assertThat(get(platform, persona, identity(owner.id())).status()).isEqualTo(401);
  }

  @Test
  void theGatewayTakesNoTokenOfItsOwn(TestPlatform platform)
      throws SQLException, GeneralSecurityException {
    Account owner = Account.register(platform, "Owner");
    String token = Token.of(platform, owner.id()).claim("role", "admin").signed();

    assertThat(get(platform, "/api/auth/me", Account.bearer(token)).status()).isEqualTo(401);
    assertThat(get(platform, "/api/personas/1", Account.bearer(token)).status()).isEqualTo(401);
    assertThat(
            get(platform, "/api/personas/1", Map.of("Cookie", Account.SESSION + "=" + token))
                .status())
        .isEqualTo(401);
  }

  @Test
  void whoShowsAWrongKeyIsRefusedWhateverCookieComesAlong(TestPlatform platform)
      throws SQLException, GeneralSecurityException {
    Account owner = Account.register(platform, "Owner");

    for (String wrong :
        List.of(
            "Bearer mb_" + "x".repeat(43),
            "Bearer " + Token.of(platform, owner.id()).signed(),
            "Basic b3duZXI6cGFzcw==",
            "Bearer",
            "")) {
      assertThat(
              get(platform, "/api/auth/me", with(owner.session(), "Authorization", wrong)).status())
          .as("'%s'", wrong)
          .isEqualTo(401);
    }
  }

  @Test
  void aKeyCountsForItsOwnerWhoeverTheCookieBelongsTo(TestPlatform platform) {
    Account owner = Account.register(platform, "Owner");
    Account stranger = Account.register(platform, "Stranger");
    var both = new LinkedHashMap<>(owner.session());
    both.putAll(stranger.key());

    assertThat(get(platform, "/api/auth/me", both).body().path("id").asLong())
        .isEqualTo(stranger.id());
    assertThat(get(platform, "/api/personas/" + owner.persona("Private"), both).status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource
  void noFieldOfAPersonaMakesItSomebodyElses(FrontEndBody kind, TestPlatform platform) {
    Account forger = Account.register(platform, "Forger");
    Map<String, String> claims = claims(victim.id());

    Map<String, String> fields = new LinkedHashMap<>(claims);
    fields.put("name", "Mine");
    Answer created = forger.call(kind.fill(Call.of("POST", "/api/personas/create"), fields), 201);
    long id = created.body().at("/persona/id").asLong();
    assertThat(id).isGreaterThan(6);
    forger.call(kind.fill(Call.of("PUT", "/api/personas/" + id), claims), 200);

    JsonNode persona = forger.get("/api/personas/" + id).body();
    assertThat(persona.path("is_custom").asBoolean()).isTrue();
    assertThat(persona.path("is_current").asBoolean()).isFalse();
    assertThat(persona.path("has_custom_voice").asBoolean()).isFalse();
    assertThat(victim.get("/api/personas/" + id).status()).isEqualTo(404);
    assertThat(victim.get("/api/personas/available").body()).hasSize(6);
    assertThat(forger.call(Call.of("PUT", "/api/personas/1").json(claims)).status()).isEqualTo(403);
  }

  @Test
  void nobodyRegistersAsAnAdministratorOrAsSomebodyElse(TestPlatform platform) {
    Map<String, Object> fields = new LinkedHashMap<>(claims(victim.id()));
    fields.putAll(
        Map.of(
            "name",
            "Climber",
            "email",
            Account.freshEmail("climber"),
            "password",
            Account.PASSWORD));

    Answer registered =
        Call.of("POST", "/api/auth/register")
            .json(fields)
            .send(platform.baseUrl(), Account.visitor());

    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.body().path("role").asString()).isEqualTo("user");
    assertThat(registered.body().path("id").asLong()).isNotEqualTo(victim.id());
  }

  @Test
  void aMessageBelongsToItsSenderAndThePathsPersona(TestPlatform platform) {
    Account victim = Account.register(platform, "Victim");
    long theirs = victim.persona("Private");
    Account forger = Account.register(platform, "Forger");
    Map<String, Object> fields = new LinkedHashMap<>(claims(victim.id()));
    fields.putAll(Map.of("persona_id", theirs, "role", "user", "content", "planted words"));

    forger.call(Call.of("POST", "/api/personas/1/messages").json(fields), 201);
    forger.call(Call.of("POST", "/api/personas/1/chat").json(fields), 200);

    assertThat(messages(forger, 1)).contains("planted words");
    assertThat(messages(victim, 1)).isEmpty();
    assertThat(messages(victim, theirs)).isEmpty();
  }

  @Test
  void switchingIsForOneselfOnly(TestPlatform platform) {
    Account forger = Account.register(platform, "Forger");
    Map<String, Object> fields = new LinkedHashMap<>(claims(victim.id()));
    fields.put("persona_id", 3);

    forger.call(Call.of("POST", "/api/personas/switch").json(fields), 200);

    assertThat(victim.get("/api/personas/current").body().path("id").asLong()).isEqualTo(1);
    assertThat(forger.get("/api/personas/current").body().path("id").asLong()).isEqualTo(3);
  }

  @Test
  void aCursorIsGoodForItsOwnHistoryOnly(TestPlatform platform) {
    Account owner = Account.register(platform, "Owner");
    long persona = owner.persona("Private");
    Account stranger = Account.register(platform, "Stranger");
    say(owner, persona, "one");
    say(owner, persona, "two");
    say(owner, 1, "to Isabella");
    say(stranger, 1, "the stranger's");
    String page = "/messages?limit=1&before=";
    String cursor =
        owner
            .get("/api/personas/" + persona + "/messages?limit=1")
            .body()
            .path("next_before")
            .asString();

    JsonNode older = owner.get("/api/personas/" + persona + page + cursor).body();
    assertThat(older.at("/messages/0/content").asString()).isEqualTo("one");
    assertThat(owner.get("/api/personas/1" + page + cursor).status()).isEqualTo(400);
    assertThat(stranger.get("/api/personas/1" + page + cursor).status()).isEqualTo(400);
    assertThat(stranger.get("/api/personas/" + persona + page + cursor).status())
        .isIn(400, 404)
        .isEqualTo(stranger.get("/api/personas/999999999" + page + cursor).status());
  }

  @Test
  void whatMakesAMessageUniqueIsEachUsersOwn(TestPlatform platform) {
    Account owner = Account.register(platform, "Owner");
    Account stranger = Account.register(platform, "Stranger");
    String name = UUID.randomUUID().toString();
    Call append = Call.of("POST", "/api/personas/1/messages");
    Call secret =
        append.json(Map.of("role", "user", "content", "secret", "client_message_id", name));
    Call same = append.json(Map.of("role", "user", "content", "mine", "client_message_id", name));

    owner.call(secret, 201);
    Answer stored = stranger.call(same, 201);
    assertThat(stored.body().path("content").asString()).isEqualTo("mine");

    Call plain = append.json(Map.of("role", "user", "content", "secret"));
    Call other = append.json(Map.of("role", "user", "content", "other"));
    assertThat(
            plain
                .send(platform.baseUrl(), with(owner.session(), "Idempotency-Key", name + "k"))
                .status())
        .isEqualTo(201);
    assertThat(
            other
                .send(platform.baseUrl(), with(stranger.session(), "Idempotency-Key", name + "k"))
                .status())
        .isEqualTo(201);
    assertThat(messages(stranger, 1)).containsExactly("mine", "other");
  }

  private static Token token(TestPlatform platform, Account account)
      throws SQLException, GeneralSecurityException {
    return Token.of(platform, account.id());
  }

  /** What libraries and proxies take for an identity. */
  private static Map<String, String> identity(long account) {
    String id = Long.toString(account);
    return Map.of(
        "X-User-Id",
        id,
        "X-User-Role",
        "admin",
        "X-Forwarded-User",
        id,
        "X-Remote-User",
        id,
        "X-Auth-Request-User",
        id,
        "X-Authenticated-User",
        id,
        "X-Forwarded-For",
        "127.0.0.1",
        "Forwarded",
        "for=127.0.0.1;host=127.0.0.1",
        "X-Original-URL",
        "/actuator/health",
        "X-HTTP-Method-Override",
        "GET");
  }

  /** What a body might try to say. */
  private static Map<String, String> claims(long victim) {
    String id = Long.toString(victim);
    return Map.of(
        "id", "2",
        "user_id", id,
        "owner", id,
        "owner_user_id", id,
        "role", "admin",
        "is_custom", "false",
        "is_current", "true",
        "has_custom_voice", "true",
        "version", "99");
  }

  private static void say(Account account, long persona, String words) {
    account.call(
        Call.of("POST", "/api/personas/" + persona + "/messages")
            .json(Map.of("role", "user", "content", words)),
        201);
  }

  private static List<String> messages(Account account, long persona) {
    return account
        .get("/api/personas/" + persona + "/messages")
        .body()
        .path("messages")
        .valueStream()
        .map(each -> each.path("content").asString())
        .toList();
  }

  private static Answer get(TestPlatform platform, String path, Map<String, String> headers) {
    return Call.of("GET", path).send(platform.baseUrl(), headers);
  }
}
