package io.mybella.gateway;

import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SessionsIT extends GatewayTest {

  @Test
  void sessionsAreListedWithoutWhatSignsIn() {
    String name = name();
    Browser browser = Browser.signedUp(port, name);
    Browser phone = browser();
    phone.get("/api/auth/me");
    phone.login(name, Browser.PASSWORD, "User-Agent", "A phone");
    signedUp();

    var answer = browser.get("/api/auth/sessions");

    JsonNode list = Browser.json(answer);
    assertThat(list).hasSize(2);
    assertThat(current(list).get("address").asString()).isEqualTo("127.0.0.1");
    assertThat(current(list).get("created_at").asString()).isNotBlank();
    assertThat(current(list).get("last_used_at").asString()).isNotBlank();
    assertThat(other(list).get("user_agent").asString()).isEqualTo("A phone");
    assertThat(list.get(0).propertyNames())
        .containsExactlyInAnyOrder(
            "id", "created_at", "last_used_at", "address", "user_agent", "current");
    for (Browser each : new Browser[] {browser, phone}) {
      assertThat(answer.body()).doesNotContain(each.cookies().get(Browser.SESSION));
    }
  }

  @Test
  void anEndedSessionIsRefusedAndTheOthersGoOn() {
    String name = name();
    Browser browser = Browser.signedUp(port, name);
    Browser lost = browser();
    lost.get("/api/auth/me");
    lost.login(name, Browser.PASSWORD);
    String id = other(Browser.json(browser.get("/api/auth/sessions"))).get("id").asString();

    assertThat(browser.delete("/api/auth/sessions/" + id).statusCode()).isEqualTo(204);

    assertProblem(lost.get("/api/auth/me"), 401);
    assertThat(browser.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertThat(Browser.json(browser.get("/api/auth/sessions"))).hasSize(1);
    assertProblem(browser.delete("/api/auth/sessions/" + id), 404);
  }

  @Test
  void endingTheCurrentSessionSignsOut() {
    Browser browser = signedUp();
    String id = current(Browser.json(browser.get("/api/auth/sessions"))).get("id").asString();

    assertThat(browser.delete("/api/auth/sessions/" + id).statusCode()).isEqualTo(204);

    assertThat(browser.cookies()).doesNotContainKey(Browser.SESSION);
    assertProblem(browser.get("/api/auth/me"), 401);
  }

  @Test
  void aForeignSessionLooksLikeAMissingOne() {
    Browser owner = signedUp();
    String id = current(Browser.json(owner.get("/api/auth/sessions"))).get("id").asString();
    Browser stranger = signedUp();

    var foreign = stranger.delete("/api/auth/sessions/" + id);
    var missing = stranger.delete("/api/auth/sessions/no-such-session");
    var secret = stranger.delete("/api/auth/sessions/" + owner.cookies().get(Browser.SESSION));

    assertProblem(foreign, 404);
    assertProblem(missing, 404);
    assertProblem(secret, 404);
    assertThat(Browser.json(foreign).get("error")).isEqualTo(Browser.json(missing).get("error"));
    assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyNeitherSeesNorEndsSessionsNorMakesKeys() {
    Browser owner = signedUp();
    String id = current(Browser.json(owner.get("/api/auth/sessions"))).get("id").asString();
    Browser program = browser().withKey(owner.newKey());

    assertProblem(program.get("/api/auth/sessions"), 403);
    assertProblem(program.delete("/api/auth/sessions/" + id), 403);
    assertProblem(program.post("/api/auth/api-keys", "{\"name\":\"offspring\"}"), 403);
    assertThat(program.get("/api/auth/api-keys").statusCode()).isEqualTo(200);
    assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertThat(Browser.json(owner.get("/api/auth/api-keys"))).hasSize(1);
  }

  private static JsonNode current(JsonNode list) {
    return one(list, true);
  }

  private static JsonNode other(JsonNode list) {
    return one(list, false);
  }

  private static JsonNode one(JsonNode list, boolean current) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(session -> session.get("current").asBoolean() == current)
        .findFirst()
        .orElseThrow();
  }
}
