package io.mybella.persona.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.chassis.testing.EventContract;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is left of a user when the account was deleted. */
class AccountErasureIT extends PersonaServiceTest {

  private static final Duration SOON = Duration.ofSeconds(40);

  /** Where a user may be named: kept for good, so that nothing is made for the user again. */
  private static final String MARK = "erased_account";

  @Autowired private AccountErasure erasure;
  @Autowired private ErasedAccounts accounts;
  @Autowired private TransactionOperations transactions;
  @Autowired private Erasures erasures;
  @Autowired private BlobStore blobs;
  @Autowired private Environment environment;

  @Test
  void everythingOfTheUserGoesAndNothingOfAnother() {
    PersonaApi user = newUser();
    PersonaApi other = newUser();
    String canary = "canary" + UUID.randomUUID();
    List<Long> own = List.of(persona(user, canary + "a"), persona(user, canary + "b"));
    user.postJson("/api/personas/switch", Map.of("persona_id", own.getLast()));
    UUID former = delete(user, persona(user, canary + "c"));
    long kept = persona(other, "Keeper");
    other.postJson("/api/personas/switch", Map.of("persona_id", kept));
    List<String> pictures = pictures(own);
    String keptPicture = pictures(List.of(kept)).getFirst();

    try (KafkaProbe probe = probe(Topics.PERSONA_ERASURE, Topics.PERSONA_LIFECYCLE)) {
      UUID erasureId = UUID.randomUUID();
      tell(probe, UUID.randomUUID(), user.userId(), erasureId);
      ConsumerRecord<String, byte[]> receipt = receipts(probe, erasureId, 1).getFirst();

      assertThat(receipt.key()).isEqualTo(Long.toString(user.userId()));
      JsonNode data = EventContract.valid(receipt);
      assertThat(data.get("user_id").asLong()).isEqualTo(user.userId());
      assertThat(data.get("service").asString()).isEqualTo("persona-service");
      assertThat(data.get("counts"))
          .isEqualTo(json("{\"active_persona\":1,\"avatar\":2,\"persona\":2}"));
      assertThat(pictures).allSatisfy(name -> assertThat(blobs.get(name)).isEmpty());
      for (long id : own) {
        JsonNode deletion =
            EventContract.valid(
                probe
                    .await(
                        KafkaProbe.ofType(EventTypes.PERSONA_DELETED)
                            .and(record -> record.key().equals(Long.toString(id))),
                        SOON)
                    .getFirst());
        assertThat(deletion.get("owner_user_id").asLong()).isEqualTo(user.userId());
        assertThat(deletion.get("version").asLong()).isEqualTo(2);
        finish(UUID.fromString(deletion.get("erasure_id").asString()));
      }
    }
    finish(former);
    erasures.forgetFinished();
    // What was sent a moment ago leaves the outbox a moment later.
    await().atMost(SOON).untilAsserted(() -> assertThat(tablesWith(canary)).isEmpty());
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(tablesNaming(user.userId())).containsExactly(MARK));

    assertThat(other.currentIds()).containsExactly(kept);
    assertThat(blobs.get(keptPicture)).isPresent();
    assertThat(tablesNaming(other.userId())).contains("persona", "active_persona");
  }

  @Test
  void erasuresThatWaitForReceiptsAreFollowedToTheirEnd() {
    PersonaApi user = newUser();
    UUID former = delete(user, user.create("Former"));
    erasures.record(former, "memory-service", Map.of());

    erase(user.userId());
    erasures.forgetFinished();

    assertThat(user.get("/api/personas/erasures/" + former).status()).isEqualTo(404);
    assertThat(count("erasure where id = '%s'".formatted(former))).isOne();
    erasures.record(former, "voice-service", Map.of());
    erasures.forgetFinished();
    assertThat(count("erasure where id = '%s'".formatted(former))).isZero();
  }

  @Test
  void whoseAccountIsGoneCanMakeNothing() {
    PersonaApi user = newUser();
    long id = user.create("Coach");

    erase(user.userId());

    assertThat(user.postJson("/api/personas/create", Map.of("name", "Again")).status())
        .isEqualTo(401);
    assertThat(user.postJson("/api/personas/switch", Map.of("persona_id", 2)).status())
        .isEqualTo(401);
    assertThat(user.postJson("/api/personas/switch", Map.of("persona_id", id)).status())
        .isEqualTo(404);
    assertThat(user.putJson("/api/personas/" + id, Map.of("name", "Again")).status())
        .isEqualTo(404);
    assertThat(tablesNaming(user.userId()))
        .contains(MARK)
        .isSubsetOf(MARK, "persona", "outbox_event");
  }

  /** The account is buried and its personas are not gone yet. */
  @Test
  void deletingAPersonaMeanwhileIsRefusedLikeEverythingElse() {
    PersonaApi user = newUser();
    long id = user.create("Coach", Pictures.of("png", 20, 20));

    accounts.mark(user.userId(), UUID.randomUUID());

    transactions.executeWithoutResult(
        held -> {
          accounts.lock(user.userId());
          assertThat(user.delete("/api/personas/" + id).status()).isEqualTo(401);
          assertThat(count("persona where deleted_at is null and id = " + id)).isOne();
          assertThat(
                  user.multipart(
                          HttpMethod.POST,
                          "/api/personas/create",
                          Map.of("name", "Other"),
                          Pictures.of("png", 20, 20),
                          "me.png")
                      .status())
              .isEqualTo(401);
        });
  }

  /** As after a crash between the mark and the erasure. */
  @Test
  void anErasureThatWasOnlyMarkedIsFinished() {
    PersonaApi user = newUser();
    user.create("Coach", Pictures.of("png", 20, 20));

    accounts.mark(user.userId(), UUID.randomUUID());

    await().atMost(SOON).untilAsserted(() -> assertNothingLives(user.userId()));
    await()
        .atMost(SOON)
        .until(
            () ->
                count("erased_account where erased_at is not null and user_id = " + user.userId())
                    == 1);
  }

  @Test
  void aDeletionToldAgainIsAnsweredAgainWithTheSameCounts() {
    PersonaApi user = newUser();
    user.create("One");
    user.create("Two");
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe = probe(Topics.PERSONA_ERASURE)) {
      UUID event = UUID.randomUUID();
      tell(probe, event, user.userId(), erasureId);
      tell(probe, event, user.userId(), erasureId);
      tell(probe, UUID.randomUUID(), user.userId(), erasureId);

      assertThat(receipts(probe, erasureId, 3))
          .extracting(each -> EventContract.valid(each).get("counts"))
          .containsOnly(json("{\"active_persona\":0,\"avatar\":0,\"persona\":2}"));
    }
  }

  @Test
  void anEventThatCannotBeReadDoesNotStopThoseBehindIt() {
    PersonaApi user = newUser();
    user.create("Coach");
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe =
        probe(Topics.PERSONA_ERASURE, Topics.ACCOUNT_LIFECYCLE + ".persona-service.dlq")) {
      List<String> poison =
          List.of(
              "{\"user_id\": ",
              "{\"erasure_id\": \"%s\"}".formatted(erasureId),
              "{\"user_id\": %d}".formatted(user.userId()),
              "{\"user_id\": 0, \"erasure_id\": \"%s\"}".formatted(erasureId));
      String key = Long.toString(user.userId());
      List<UUID> dead = new ArrayList<>();
      for (String data : poison) {
        dead.add(UUID.randomUUID());
        probe.send(Topics.ACCOUNT_LIFECYCLE, key, dead.getLast(), EventTypes.ACCOUNT_DELETED, data);
      }
      UUID unknown = UUID.randomUUID();
      probe.send(
          Topics.ACCOUNT_LIFECYCLE,
          key,
          unknown,
          "io.mybella.account.deleted.v2",
          deleted(user.userId(), erasureId));
      tell(probe, UUID.randomUUID(), user.userId(), erasureId);

      receipts(probe, erasureId, 1);
      dead.add(unknown);
      assertThat(dead)
          .allSatisfy(
              id ->
                  assertThat(
                          probe.await(
                              record ->
                                  KafkaProbe.header(record, "ce_id").equals(id.toString())
                                      && record.topic().endsWith(".dlq"),
                              SOON))
                      .hasSize(1));
    }
  }

  @Test
  void aUserWithThousandsOfPersonasGoesInOneTransaction() {
    PersonaApi user = newUser();
    database.update(
        """
        insert into persona (owner_user_id, name, display_name, created_at, updated_at)
        select ?, 'p' || n, 'p' || n, now(), now() from generate_series(1, 3000) as n
        """,
        user.userId());

    erase(user.userId());

    String own = " in (select id from persona where owner_user_id = %d)".formatted(user.userId());
    assertThat(count("persona where deleted_at is null and owner_user_id = " + user.userId()))
        .isZero();
    assertThat(count("erasure where requested_by = 0 and persona_id" + own)).isEqualTo(3000);
    assertThat(
            count(
                "erasure_receipt where erasure_id in (select id from erasure where persona_id"
                    + own
                    + ")"))
        .isEqualTo(6000);
    assertThat(count("persona where version <> 2 and owner_user_id = " + user.userId())).isZero();
  }

  /**
   * The user goes on making, changing and choosing personas while the account is erased. What was
   * written before is erased, what comes later is refused, and nothing fails otherwise.
   */
  @RepeatedTest(10)
  void whatIsWrittenDuringAnErasureIsErasedOrRefused() throws Exception {
    List<Path> filesBefore = pictureFiles();
    PersonaApi user = newUser();
    long changed = user.create("Changed");
    byte[] picture = Pictures.of("png", 20, 20);
    List<IntFunction<Answer>> writes =
        List.of(
            i -> user.postJson("/api/personas/create", Map.of("name", "Made " + i)),
            i ->
                user.multipart(
                    HttpMethod.POST,
                    "/api/personas/create",
                    Map.of("name", "Drawn " + i),
                    picture,
                    "me.png"),
            i ->
                user.multipart(
                    HttpMethod.PUT,
                    "/api/personas/" + changed,
                    Map.of("tagline", "Number " + i),
                    picture,
                    "me.png"),
            i -> user.postJson("/api/personas/switch", Map.of("persona_id", i % 2 + 1)));
    var writing = new CountDownLatch(writes.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (IntFunction<Answer> write : writes) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    int status = write.apply(i).status();
                    writing.countDown();
                    if (status == 401 || status == 404) {
                      return;
                    }
                    assertThat(status).isIn(200, 201);
                  }
                  throw new AssertionError("The erasure never stopped the writer");
                }));
      }
      writing.await();
      erase(user.userId());
      assertNothingLives(user.userId());
      for (Future<?> each : writers) {
        each.get();
      }
    }
    assertNothingLives(user.userId());
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(pictureFiles()).as("pictures").isEqualTo(filesBefore));
  }

  private void erase(long userId) {
    accounts.mark(userId, UUID.randomUUID());
    erasure.erase(userId);
  }

  private void assertNothingLives(long userId) {
    assertThat(count("persona where deleted_at is null and owner_user_id = " + userId)).isZero();
    assertThat(count("active_persona where user_id = " + userId)).isZero();
    assertThat(count("erasure where requested_by = " + userId)).isZero();
  }

  private long persona(PersonaApi user, String text) {
    return user.multipart(
            HttpMethod.POST,
            "/api/personas/create",
            Map.of("name", text.substring(Math.max(0, text.length() - 45)), "description", text),
            Pictures.of("png", 30, 30),
            "me.png")
        .json()
        .at("/persona/id")
        .asLong();
  }

  private List<String> pictures(List<Long> ids) {
    return ids.stream()
        .map(
            id ->
                database.queryForObject(
                    "select avatar from persona where id = ?", String.class, id))
        .toList();
  }

  private static UUID delete(PersonaApi user, long id) {
    return UUID.fromString(user.delete("/api/personas/" + id).json().get("erasure_id").asString());
  }

  private void finish(UUID erasureId) {
    erasures.record(erasureId, "memory-service", Map.of());
    erasures.record(erasureId, "voice-service", Map.of());
  }

  private static void tell(KafkaProbe probe, UUID eventId, long userId, UUID erasureId) {
    probe.send(
        Topics.ACCOUNT_LIFECYCLE,
        Long.toString(userId),
        eventId,
        EventTypes.ACCOUNT_DELETED,
        deleted(userId, erasureId));
  }

  private static String deleted(long userId, UUID erasureId) {
    return "{\"user_id\": %d, \"erasure_id\": \"%s\", \"occurred_at\": \"2026-11-22T10:30:00Z\"}"
        .formatted(userId, erasureId);
  }

  private static List<ConsumerRecord<String, byte[]>> receipts(
      KafkaProbe probe, UUID erasureId, int atLeast) {
    return probe.await(
        KafkaProbe.ofType(EventTypes.ACCOUNT_ERASED)
            .and(
                record ->
                    json(new String(record.value(), StandardCharsets.UTF_8))
                        .get("erasure_id")
                        .asString()
                        .equals(erasureId.toString())),
        atLeast,
        SOON);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private long count(String rows) {
    Long count = database.queryForObject("select count(*) from " + rows, Long.class);
    return count == null ? 0 : count;
  }

  /** The tables in which any column of any row contains the text. */
  private List<String> tablesWith(String text) {
    return tables().stream()
        .filter(table -> count("%s as t where t::text like '%%%s%%'".formatted(table, text)) > 0)
        .toList();
  }

  /** The tables with a row of which a column is the user's id, or an event that names it. */
  private List<String> tablesNaming(long userId) {
    String naming =
        """
        %%s as t, jsonb_each_text(to_jsonb(t)) as each
        where each.value = '%1$d' or each.value ~ '"[a-z_]*user_id": ?%1$d[,}]'
        """
            .formatted(userId);
    return tables().stream().filter(table -> count(naming.formatted(table)) > 0).toList();
  }

  private List<Path> pictureFiles() {
    Path folder =
        Path.of(
            environment.getRequiredProperty("mybella.blobs.folder"),
            "persona-service",
            "persona_pics");
    try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      return files.sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private List<String> tables() {
    return database.queryForList(
        "select table_name from information_schema.tables where table_schema = 'public'",
        String.class);
  }
}
