package io.mybella.gateway;

import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** Two gateways on one database: what one ends, the other refuses within a second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasIT extends GatewayTest {

  private AnotherGateway second;
  private int secondPort;

  @BeforeAll
  void startASecondGateway(@Autowired Environment first) {
    second = AnotherGateway.replicaOf(first);
    secondPort = second.port();
  }

  @AfterAll
  void endTheSecondGateway() {
    second.close();
  }

  @Test
  void guessesAreCountedTogether() {
    String name = name();
    Browser.signedUp(port, name);
    Browser here = browser();
    here.get("/api/auth/me");
    Browser there = here.copy(secondPort);
    for (int i = 0; i < 5; i++) {
      assertProblem(here.login(name, "guess" + i), 401);
      assertProblem(there.login(name, "another guess" + i), 401);
    }

    assertProblem(here.login(name, Browser.PASSWORD), 429);
    assertProblem(there.login(name, Browser.PASSWORD), 429);
  }

  @Test
  void anEndedSession() {
    String name = name();
    Browser owner = Browser.signedUp(port, name);
    Browser lost = browser();
    lost.get("/api/auth/me");
    lost.login(name, Browser.PASSWORD);
    Browser lostThere = lost.copy(secondPort);
    assertThat(lostThere.get("/api/auth/me").statusCode()).isEqualTo(200);

    for (var session : Browser.json(owner.get("/api/auth/sessions"))) {
      if (!session.get("current").asBoolean()) {
        owner.delete("/api/auth/sessions/" + session.get("id").asString());
      }
    }

    assertRefusedWithinASecond(lostThere);
    assertThat(owner.copy(secondPort).get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void theSessionsOfAnOldPassword() {
    String name = name();
    Browser owner = Browser.signedUp(port, name);
    Browser other = new Browser(secondPort);
    other.get("/api/auth/me");
    other.login(name, Browser.PASSWORD);

    owner.put(
        "/api/auth/password",
        Map.of("current_password", Browser.PASSWORD, "new_password", "another horse battery"));

    assertRefusedWithinASecond(other);
    assertThat(owner.copy(secondPort).get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void aRevokedKey() {
    Browser owner = signedUp();
    Browser program = new Browser(secondPort).withKey(owner.newKey());
    String id = Browser.json(owner.get("/api/auth/api-keys")).get(0).get("id").asString();
    assertThat(program.get("/api/auth/me").statusCode()).isEqualTo(200);

    owner.delete("/api/auth/api-keys/" + id);

    assertRefusedWithinASecond(program);
  }

  @Test
  void theSessionsAndKeysOfADeletedAccount() {
    Browser owner = signedUp();
    Browser there = owner.copy(secondPort);
    Browser program = new Browser(secondPort).withKey(owner.newKey());
    assertThat(there.get("/api/auth/me").statusCode()).isEqualTo(200);

    owner.send("DELETE", "/api/auth/me", Browser.json(Map.of("password", Browser.PASSWORD)));

    assertRefusedWithinASecond(there);
    assertRefusedWithinASecond(program);
  }

  private static void assertRefusedWithinASecond(Browser caller) {
    await()
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(() -> assertProblem(caller.get("/api/auth/me"), 401));
  }
}
