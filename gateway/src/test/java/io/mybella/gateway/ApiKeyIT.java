package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ApiKeyIT extends GatewayTest {

  @Test
  void aKeyDoesWhatTheSessionDoesAndNeedsNoToken() {
    Browser owner = signedUp();
    String key = owner.newKey();
    PERSONA.stubFor(post("/api/personas/switch").willReturn(okJson("{\"message\":\"ok\"}")));

    var me = browser().get("/api/auth/me", "Authorization", "Bearer " + key);
    var change =
        browser()
            .send(
                "POST",
                "/api/personas/switch",
                BodyPublishers.ofString("{\"persona_id\":1}"),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");

    assertThat(Browser.json(me)).isEqualTo(Browser.json(owner.get("/api/auth/me")));
    assertThat(change.statusCode()).isEqualTo(200);
    assertThat(change.headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void theKeyIsShownOnceAndKeptHashed() {
    Browser owner = signedUp();
    var created = owner.post("/api/auth/api-keys", Map.of("name", "  my script "));
    String key = Browser.json(created).get("key").asString();

    var list = owner.get("/api/auth/api-keys");

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(Browser.json(created).propertyNames())
        .containsExactlyInAnyOrder("id", "name", "key", "created_at");
    assertThat(key).matches("mb_[A-Za-z0-9_-]{43}");
    assertThat(list.body()).doesNotContain(key, "hash");
    assertThat(Browser.json(list).get(0).get("name").asString()).isEqualTo("my script");
    assertThat(Browser.json(list).get(0).get("last_used_at").isNull()).isTrue();
    assertThat(
            database
                .sql("select count(*) from credential k where k::text like '%' || :key || '%'")
                .param("key", key)
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void theLastUseIsShown() {
    Browser owner = signedUp();
    String key = owner.newKey();

    browser().get("/api/auth/me", "Authorization", "Bearer " + key);

    assertThat(Browser.json(owner.get("/api/auth/api-keys")).get(0).get("last_used_at").asString())
        .isNotBlank();
  }

  @Test
  void aRevokedKeyIsRefusedAtOnce() {
    Browser owner = signedUp();
    String key = owner.newKey();
    String id = Browser.json(owner.get("/api/auth/api-keys")).get(0).get("id").asString();
    assertThat(browser().get("/api/auth/me", "Authorization", "Bearer " + key).statusCode())
        .isEqualTo(200);

    assertThat(owner.delete("/api/auth/api-keys/" + id).statusCode()).isEqualTo(204);

    assertProblem(browser().get("/api/auth/me", "Authorization", "Bearer " + key), 401);
    assertThat(Browser.json(owner.get("/api/auth/api-keys")).isEmpty()).isTrue();
    assertProblem(owner.delete("/api/auth/api-keys/" + id), 404);
  }

  @Test
  void aForeignKeyLooksLikeAMissingOne() {
    Browser owner = signedUp();
    owner.newKey();
    String id = Browser.json(owner.get("/api/auth/api-keys")).get(0).get("id").asString();
    Browser other = signedUp();

    var foreign = other.delete("/api/auth/api-keys/" + id);
    var missing = other.delete("/api/auth/api-keys/" + UUID.randomUUID());

    assertProblem(foreign, 404);
    assertProblem(missing, 404);
    assertThat(Browser.json(foreign).get("error")).isEqualTo(Browser.json(missing).get("error"));
    assertProblem(other.delete("/api/auth/api-keys/not-a-uuid"), 400);
    assertThat(Browser.json(owner.get("/api/auth/api-keys")).size()).isEqualTo(1);
  }

  @Test
  void noOtherCredentialPassesNotEvenBesideAGoodCookie() {
    Browser owner = signedUp();
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));

    for (String credential :
        List.of(
            "Bearer mb_" + "A".repeat(43),
            "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
            "Basic dXNlcjpwYXNzd29yZA==",
            "Bearer",
            "mb_")) {
      assertProblem(owner.get("/api/personas/available", "Authorization", credential), 401);
    }
    assertThat(PERSONA.getAllServeEvents()).isEmpty();
  }

  @Test
  void aKeyOfAnInactiveAccountIsRefused() {
    Browser owner = signedUp();
    String key = owner.newKey();
    database
        .sql("update account set active = false where id = :id")
        .param("id", Browser.json(owner.get("/api/auth/me")).get("id").asLong())
        .update();

    assertProblem(browser().get("/api/auth/me", "Authorization", "Bearer " + key), 401);
  }

  @Test
  void anAccountHasFiftyKeysAtMost() {
    Browser owner = signedUp();
    for (int i = 0; i < 50; i++) {
      owner.newKey();
    }

    assertProblem(owner.post("/api/auth/api-keys", Map.of("name", "one more")), 409);
    assertProblem(owner.post("/api/auth/api-keys", Map.of("name", " ")), 400);
  }
}
