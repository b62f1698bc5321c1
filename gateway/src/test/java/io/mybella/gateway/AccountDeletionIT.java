package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static io.mybella.gateway.SignInIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.EventContract;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.gateway.identity.erasure.Erasures;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class AccountDeletionIT extends GatewayTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<String> SERVICES =
      List.of("memory-service", "persona-service", "voice-service");

  @Autowired Erasures erasures;

  @Test
  void sessionsAndKeysFailAtOnceAndTheServicesAreTold() {
    PERSONA.stubFor(get(anyUrl()).willReturn(okJson("[]")));
    String name = name();
    Browser owner = Browser.signedUp(port, name);
    Browser elsewhere = browser();
    elsewhere.get("/api/auth/me");
    elsewhere.login(name, Browser.PASSWORD);
    Browser program = browser().withKey(owner.newKey());
    Browser thief = owner.copy();
    long userId = id(owner);
    // So that a token for the services is at hand.
    program.get("/api/personas/available");
    PERSONA.resetRequests();

    HttpResponse<String> answer = delete(owner, Browser.PASSWORD);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(owner.cookies()).doesNotContainKey(Browser.SESSION);
    for (Browser each : List.of(owner, elsewhere, program, thief)) {
      assertProblem(each.get("/api/auth/me"), 401);
      assertProblem(each.get("/api/personas/available"), 401);
    }
    assertThat(PERSONA.getAllServeEvents()).isEmpty();
    try (KafkaProbe probe = probe(Topics.ACCOUNT_LIFECYCLE)) {
      ConsumerRecord<String, byte[]> told = probe.await(deletionOf(userId), SOON).getFirst();
      JsonNode data = EventContract.valid(told);
      assertThat(data.get("user_id").asLong()).isEqualTo(userId);
      assertThat(data.get("erasure_id").asString()).isEqualTo(erasureId(answer).toString());
      assertThat(data.propertyNames())
          .containsExactlyInAnyOrder("user_id", "erasure_id", "occurred_at");
    }
  }

  @Test
  void aDeletedAccountLooksLikeOneThatNeverWasAndItsAddressMayRegisterAgain() {
    String name = name();
    Browser owner = Browser.signedUp(port, name);
    long before = id(owner);
    delete(owner, Browser.PASSWORD);
    Browser browser = browser();
    browser.get("/api/auth/me");

    var deleted = browser.login(name, Browser.PASSWORD);
    var unknown = browser.login(name(), Browser.PASSWORD);

    assertProblem(deleted, 401);
    assertThat(Browser.json(deleted).get("error")).isEqualTo(Browser.json(unknown).get("error"));
    assertThat(id(Browser.signedUp(port, name))).isGreaterThan(before);
  }

  @Test
  void nothingIsLeftInTheDatabaseButTheErasureNorInTheLog(CapturedOutput output) {
    String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
    Browser owner = Browser.signedUp(port, canary);
    long userId = id(owner);
    owner.post("/api/auth/api-keys", Map.of("name", canary));
    Browser elsewhere = browser();
    elsewhere.get("/api/auth/me");
    elsewhere.login(canary, Browser.PASSWORD, "User-Agent", canary);
    browser().withKey(owner.newKey()).get("/api/auth/me");
    assertThat(tablesWith(canary)).contains("account", "credential");

    UUID erasureId = erasureId(delete(owner, Browser.PASSWORD));

    await().atMost(SOON).untilAsserted(() -> assertThat(rows("outbox_event")).isZero());
    assertThat(tablesWith(canary)).isEmpty();
    assertThat(tablesWith(erasureId.toString())).containsExactly("erasure", "erasure_receipt");
    assertThat(
            database
                .sql("select count(*) from credential where account_id = :id")
                .param("id", userId)
                .query(Long.class)
                .single())
        .isZero();
    assertThat(output.getAll()).doesNotContain(canary, Browser.PASSWORD);
  }

  @Test
  void theErasureIsCompleteWhenEveryServiceHasAnswered() {
    Browser owner = signedUp();
    long userId = id(owner);
    UUID erasureId = erasureId(delete(owner, Browser.PASSWORD));

    JsonNode pending = status(erasureId);
    assertThat(pending.get("status").asString()).isEqualTo("pending");
    assertThat(pending.get("completed_at").isNull()).isTrue();
    assertThat(pending.get("services").valueStream().map(s -> s.get("service").asString()))
        .isEqualTo(SERVICES);
    assertThat(pending.propertyNames())
        .containsExactlyInAnyOrder("status", "requested_at", "completed_at", "services");

    try (KafkaProbe probe = probe(Topics.PERSONA_ERASURE)) {
      UUID receipt = UUID.randomUUID();
      answer(probe, receipt, erasureId, userId, "memory-service", 12);
      answer(probe, receipt, erasureId, userId, "memory-service", 12);
      answer(probe, UUID.randomUUID(), erasureId, userId, "memory-service", 99);
      answer(probe, UUID.randomUUID(), erasureId, userId, "another-service", 1);
      probe.send(
          Topics.PERSONA_ERASURE,
          "7",
          UUID.randomUUID(),
          EventTypes.PERSONA_ERASED,
          """
          {"erasure_id": "%s", "persona_id": 7, "service": "voice-service", "counts": {},
           "occurred_at": "2026-11-22T10:30:00Z"}
          """
              .formatted(erasureId));
      answer(probe, UUID.randomUUID(), erasureId, userId, "persona-service", 3);
      await()
          .atMost(SOON)
          .until(() -> status(erasureId).at("/services/1/status").asString().equals("complete"));
      JsonNode partly = status(erasureId);
      assertThat(partly.get("status").asString()).isEqualTo("pending");
      assertThat(partly.at("/services/0/counts/chat_message").asInt()).isEqualTo(12);
      assertThat(partly.at("/services/2/status").asString())
          .as("the receipt for a persona is none for an account")
          .isEqualTo("pending");

      answer(probe, UUID.randomUUID(), erasureId, userId, "voice-service", 0);
      await()
          .atMost(SOON)
          .until(() -> status(erasureId).get("status").asString().equals("complete"));
    }
    JsonNode complete = status(erasureId);
    assertThat(complete.get("completed_at").asString()).isNotBlank();
    assertThat(complete.get("services")).hasSize(3);
  }

  @Test
  void aDeletionIsToldAgainWhileAReceiptIsMissing() {
    Browser owner = signedUp();
    long userId = id(owner);
    UUID erasureId = erasureId(delete(owner, Browser.PASSWORD));
    try (KafkaProbe probe = probe(Topics.ACCOUNT_LIFECYCLE)) {
      JsonNode first = EventContract.valid(probe.await(deletionOf(userId), SOON).getFirst());

      erasures.tellAgain();
      longAgo(erasureId);
      erasures.tellAgain();
      erasures.tellAgain();

      List<ConsumerRecord<String, byte[]>> told = probe.await(deletionOf(userId), 2, SOON);
      assertThat(told).hasSize(2);
      assertThat(EventContract.valid(told.get(1))).isEqualTo(first);
      assertThat(KafkaProbe.header(told.get(1), "ce_id"))
          .isNotEqualTo(KafkaProbe.header(told.get(0), "ce_id"));

      SERVICES.forEach(service -> erasures.record(erasureId, service, Map.of()));
      longAgo(erasureId);
      erasures.tellAgain();
      Browser later = signedUp();
      long laterId = id(later);
      delete(later, Browser.PASSWORD);
      probe.await(deletionOf(laterId), SOON);
      assertThat(probe.all().stream().filter(deletionOf(userId)))
          .as("nothing is missing")
          .hasSize(2);
    }
  }

  @Test
  void anErasureOlderThanAnHourIsSeenInTheMetrics() {
    double before = overdue();
    UUID erasureId = erasureId(delete(signedUp(), Browser.PASSWORD));
    assertThat(overdue()).isEqualTo(before);

    database
        .sql("update erasure set requested_at = requested_at - interval '1 day' where id = :id")
        .param("id", erasureId)
        .update();
    assertThat(overdue()).isEqualTo(before + 1);

    SERVICES.forEach(service -> erasures.record(erasureId, service, Map.of()));
    assertThat(overdue()).isEqualTo(before);
  }

  @Test
  void aWrongPasswordDeletesNothingAndGuessingIsSlowedDown() {
    Browser owner = signedUp();

    for (int i = 0; i < 10; i++) {
      var wrong = delete(owner, "guess number " + i);
      assertProblem(wrong, 403);
      assertThat(Browser.json(wrong).at("/errors/0/field").asString()).isEqualTo("password");
    }

    assertProblem(delete(owner, Browser.PASSWORD), 429);
    assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);
    assertProblem(owner.send("DELETE", "/api/auth/me", "{}"), 400);
    var bare = owner.delete("/api/auth/me");
    assertProblem(bare, 415);
    assertThat(Browser.json(bare).path("detail").asString()).contains("application/json");
    assertProblem(owner.send("DELETE", "/api/auth/me", "{"), 400);
  }

  @Test
  void onlySomeoneWhoIsSignedInMayAsk() {
    Browser owner = signedUp();
    Browser program = browser().withKey(owner.newKey());
    assertProblem(delete(program, Browser.PASSWORD), 403);
    assertProblem(delete(browser(), Browser.PASSWORD), 401);
    owner.cookies().remove(Browser.CSRF);
    assertProblem(delete(owner, Browser.PASSWORD), 403);
    assertThat(owner.get("/api/auth/me").statusCode()).isEqualTo(200);
  }

  @Test
  void anUnknownErasureIsNotFoundAndANumberOfAnErasedAccountIsNotGivenAgain() {
    assertProblem(browser().get("/api/auth/erasures/" + UUID.randomUUID()), 404);
    assertProblem(browser().get("/api/auth/erasures/7"), 400);
    Browser owner = signedUp();
    long userId = id(owner);
    delete(owner, Browser.PASSWORD);

    assertThatThrownBy(
            () ->
                database
                    .sql(
                        """
                        insert into account (id, name, email, password_hash, created_at)
                        values (:id, 'Import', 'import@example.org', 'x', now())
                        """)
                    .param("id", userId)
                    .update())
        .hasMessageContaining("was erased");
  }

  private HttpResponse<String> delete(Browser browser, String password) {
    return browser.send("DELETE", "/api/auth/me", Browser.json(Map.of("password", password)));
  }

  private static UUID erasureId(HttpResponse<String> answer) {
    UUID id = UUID.fromString(Browser.json(answer).get("erasure_id").asString());
    assertThat(id.version()).as("cannot be guessed").isEqualTo(4);
    return id;
  }

  private JsonNode status(UUID erasureId) {
    var answer = browser().get("/api/auth/erasures/" + erasureId);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    return Browser.json(answer);
  }

  private static long id(Browser browser) {
    return Browser.json(browser.get("/api/auth/me")).get("id").asLong();
  }

  private double overdue() {
    return operator()
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith("mybella_gateway_erasures_overdue"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private void longAgo(UUID erasureId) {
    database
        .sql("update erasure set told_at = told_at - interval '1 day' where id = :id")
        .param("id", erasureId)
        .update();
  }

  /** The tables in which any column of any row contains the text, be it as bytes. */
  private List<String> tablesWith(String text) {
    String bytes = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    List<String> found = new ArrayList<>();
    for (String table :
        database
            .sql(
                """
                select table_name from information_schema.tables
                where table_schema = 'public' order by table_name
                """)
            .query(String.class)
            .list()) {
      long rows =
          database
              .sql(
                  "select count(*) from %s t where t::text ilike :text or t::text like :bytes"
                      .formatted(table))
              .param("text", "%" + text + "%")
              .param("bytes", "%" + bytes + "%")
              .query(Long.class)
              .single();
      if (rows > 0) {
        found.add(table);
      }
    }
    return found;
  }

  private long rows(String table) {
    return database.sql("select count(*) from " + table).query(Long.class).single();
  }

  private static KafkaProbe probe(String topic) {
    return KafkaProbe.on(PlatformParts.kafka(), topic);
  }

  private static Predicate<ConsumerRecord<String, byte[]>> deletionOf(long userId) {
    return KafkaProbe.ofType(EventTypes.ACCOUNT_DELETED)
        .and(record -> record.key().equals(Long.toString(userId)));
  }

  private static void answer(
      KafkaProbe probe, UUID eventId, UUID erasureId, long userId, String service, int count) {
    probe.send(
        Topics.PERSONA_ERASURE,
        Long.toString(userId),
        eventId,
        EventTypes.ACCOUNT_ERASED,
        """
        {"erasure_id": "%s", "user_id": %d, "service": "%s",
         "counts": {"chat_message": %d}, "occurred_at": "2026-11-22T10:30:00Z"}
        """
            .formatted(erasureId, userId, service, count));
  }
}
