package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static io.mybella.gateway.SignInIT.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Sessions and keys: one table, one statement, remembered while every change is heard of. */
class CredentialsIT extends GatewayTest {

  private static final Duration A_SECOND = Duration.ofSeconds(1);

  @Autowired MeterRegistry metrics;

  @BeforeEach
  void changesAreHeard() {
    await().until(() -> heard() == 1);
  }

  @Test
  void whoWasRecognisedCostsNoStatement() {
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));
    Browser owner = signedUp();
    Browser program = browser().withKey(owner.newKey());
    assertThat(owner.get("/api/personas/available").statusCode()).isEqualTo(200);
    assertThat(program.get("/api/personas/available").statusCode()).isEqualTo(200);
    double before = lookedUp();

    for (int i = 0; i < 10; i++) {
      assertThat(owner.get("/api/personas/available").statusCode()).isEqualTo(200);
      assertThat(program.get("/api/personas/available").statusCode()).isEqualTo(200);
    }

    // A busy machine may miss a beat, and then one of each is looked up again.
    assertThat(lookedUp() - before).isLessThan(10);
  }

  @Test
  void whatIsBlockedInTheDatabaseIsRefusedWithinASecond() {
    Browser owner = signedUp();
    Browser program = browser().withKey(owner.newKey());
    long id = id(owner);
    assertThat(program.get("/api/auth/me").statusCode()).isEqualTo(200);

    database.sql("update account set active = false where id = ?").param(id).update();

    assertRefusedWithinASecond(owner);
    assertRefusedWithinASecond(program);
  }

  @Test
  void anotherRoleHoldsWithinASecondAndEndsSessions() {
    Browser owner = signedUp();
    Browser program = browser().withKey(owner.newKey());
    long id = id(owner);
    assertThat(program.get("/api/auth/me").statusCode()).isEqualTo(200);

    database
        .sql(
            "update account set role = 'admin', password_version = password_version + 1"
                + " where id = ?")
        .param(id)
        .update();

    assertRefusedWithinASecond(owner);
    assertThat(Browser.json(program.get("/api/auth/me")).get("role").asString()).isEqualTo("admin");
  }

  @Test
  void aSessionEndsHoweverMuchItIsUsed() {
    Browser owner = signedUp();
    long id = id(owner);

    age("created_at", "29 days", id);
    assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);

    age("created_at", "31 days", id);
    assertRefusedWithinASecond(owner);
  }

  @Test
  void aSessionThatNobodyUsesEnds() {
    Browser owner = signedUp();
    long id = id(owner);

    age("last_used_at", "15 days", id);

    assertRefusedWithinASecond(owner);
  }

  /** While nothing is heard nothing is remembered, and what changed meanwhile is not missed. */
  @Test
  void changesThatAreNotHeardAreSeenNevertheless() {
    Browser owner = signedUp();
    Browser program = browser().withKey(owner.newKey());
    assertThat(program.get("/api/auth/me").statusCode()).isEqualTo(200);
    String hash = "sha256(convert_to(?, 'UTF8'))";

    int ended =
        database
            .sql(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    + " where datname = current_database() and query like '%pg_notify(%'"
                    + " and pid <> pg_backend_pid()")
            .query(Integer.class)
            .single();
    assertThat(ended).isPositive();
    database
        .sql("delete from credential where account_id = ? and secret_hash <> " + hash)
        .param(id(owner))
        .param(owner.cookies().get(Browser.SESSION))
        .update();

    assertRefusedWithinASecond(program);
    await().until(() -> heard() == 1);
    assertProblem(program.get("/api/auth/me"), 401);
    assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  /** A secret of one kind is none of the other, and what the table keeps is none at all. */
  @Test
  void nothingElseOpensTheDoor() throws Exception {
    Browser owner = signedUp();
    String session = owner.cookies().get(Browser.SESSION);
    String key = owner.newKey();
    byte[] kept = MessageDigest.getInstance("SHA-256").digest(session.getBytes(UTF_8));
    String stolen = Base64.getUrlEncoder().withoutPadding().encodeToString(kept);

    assertProblem(browser().withKey(session).get("/api/auth/me"), 401);
    assertProblem(browser().withKey("mb_" + session).get("/api/auth/me"), 401);
    for (String cookie : new String[] {key, key.substring(3), stolen}) {
      assertProblem(browser().get("/api/auth/me", "Cookie", Browser.SESSION + "=" + cookie), 401);
    }
  }

  @Test
  void whatBeganAtAGatewayOfTheReleaseBeforeIsGoodAndEndsHere() {
    Browser owner = signedUp();
    long id = id(owner);
    UUID row = UUID.randomUUID();
    String former = UUID.randomUUID().toString();
    formerSession(row, former, id);
    Browser there = browser();
    String cookie =
        Browser.SESSION + "=" + Base64.getEncoder().encodeToString(former.getBytes(UTF_8));

    assertThat(there.get("/api/auth/me", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(Browser.json(owner.get("/api/auth/sessions")).toString())
        .contains("203.0.113.9", "A browser of before");
    assertThat(owner.delete("/api/auth/sessions/" + row).statusCode()).isEqualTo(204);

    assertProblem(there.get("/api/auth/me", "Cookie", cookie), 401);
    assertThat(count("select count(*) from spring_session where account_id = ?", id)).isZero();
  }

  @Test
  void whatEndsAtAGatewayOfTheReleaseBeforeEndsHere() {
    Browser owner = signedUp();
    Browser program = browser().withKey("mb_" + "k".repeat(43));
    database
        .sql(
            """
            insert into api_key (id, account_id, name, key_hash, created_at)
            values (?, ?, 'of before', sha256(convert_to(?, 'UTF8')), now())
            """)
        .param(UUID.randomUUID())
        .param(id(owner))
        .param("mb_" + "k".repeat(43))
        .update();
    assertThat(program.get("/api/auth/me").statusCode()).isEqualTo(200);

    database.sql("delete from api_key where account_id = ?").param(id(owner)).update();

    assertRefusedWithinASecond(program);
  }

  private void formerSession(UUID row, String secret, long account) {
    database
        .sql(
            """
            insert into spring_session (primary_id, session_id, creation_time, last_access_time,
              max_inactive_interval, expiry_time, principal_name)
            select ?, ?, now, now, 1209600, now + 1209600000, ?
            from (select (extract(epoch from now()) * 1000)::bigint as now) as clock
            """)
        .param(row.toString())
        .param(secret)
        .param(Long.toString(account))
        .update();
    database
        .sql("insert into spring_session_attributes values (?, 'signed_in', convert_to(?, 'UTF8'))")
        .param(row.toString())
        .param("%d\tUSER\t0\t203.0.113.9\tA browser of before".formatted(account))
        .update();
  }

  private void assertRefusedWithinASecond(Browser caller) {
    await().atMost(A_SECOND).untilAsserted(() -> assertProblem(caller.get("/api/auth/me"), 401));
  }

  private void age(String column, String by, long account) {
    database
        .sql(
            "update credential set %1$s = now() - interval '%2$s' where account_id = ?"
                .formatted(column, by))
        .param(account)
        .update();
  }

  private long count(String sql, long account) {
    return database.sql(sql).param(account).query(Long.class).single();
  }

  private static long id(Browser owner) {
    return Browser.json(owner.get("/api/auth/me")).get("id").asLong();
  }

  private double heard() {
    return metrics.get("mybella.gateway.credentials.heard").gauge().value();
  }

  private double lookedUp() {
    return metrics
        .get("mybella.gateway.credentials.checked")
        .tag("by", "database")
        .counter()
        .count();
  }
}
