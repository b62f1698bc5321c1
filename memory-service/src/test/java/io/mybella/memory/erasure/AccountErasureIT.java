package io.mybella.memory.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.ContractFiles;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is left of a user when the account was deleted. */
class AccountErasureIT extends MemoryServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Where a user may be named: kept for good, so that nothing is made for the user again. */
  private static final String MARK = "account_tombstone";

  @Autowired private ErasedAccounts accounts;
  @Autowired private AccountErasure erasure;
  @Autowired private MessageHistory history;
  @Autowired private Conversations conversations;
  @Autowired private KnownPersonas known;

  @Value("${spring.kafka.bootstrap-servers}")
  private String kafka;

  @Test
  void everythingOfTheUserGoesOverAllPersonasAndNothingOfAnother() {
    long user = newId();
    long other = newId();
    long shared = systemPersona();
    String canary = "canary" + UUID.randomUUID();
    List<PairId> pairs =
        List.of(
            new PairId(user, personaOf(user)),
            new PairId(user, personaOf(user)),
            new PairId(user, shared));
    pairs.forEach(pair -> sayEverywhere(pair, canary));
    switchTo(pairs.getFirst(), 3);
    PairId kept = new PairId(other, shared);
    say(kept, "keep me");
    switchTo(kept, 1);

    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      tell(probe, UUID.randomUUID(), user, erasureId);
      ConsumerRecord<String, byte[]> receipt = receipts(probe, erasureId, 1).getFirst();

      assertThat(receipt.key()).isEqualTo(Long.toString(user));
      JsonNode data = JSON.readTree(receipt.value());
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(JSON.readTree(ContractFiles.schema(EventTypes.ACCOUNT_ERASED)))
                  .validate(data))
          .isEmpty();
      assertThat(data.get("user_id").longValue()).isEqualTo(user);
      assertThat(data.get("service").stringValue()).isEqualTo("memory-service");
      assertThat(data.get("counts"))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"chat_message":3,"conversation":3,"message_vector":0,"preference":3,"rolling_summary":0,"import_origin":0,"persona_memory":3,"last_switch":1,
                   "known_persona":2}
                  """));
    }
    // What was sent a moment ago leaves the outbox a moment later.
    await().atMost(LIMIT).untilAsserted(() -> assertThat(naming(user)).containsExactly(MARK));
    assertThat(tablesWhere("t::text LIKE '%" + canary + "%'")).isEmpty();
    assertThat(texts(kept)).containsExactly("keep me");
    assertThat(naming(other)).contains("last_switch", "persona_memory");
  }

  @Test
  void aDeletionToldAgainIsAnsweredAgainWithTheSameCounts() {
    PairId pair = newPair();
    say(pair, "once");
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      UUID event = UUID.randomUUID();
      tell(probe, event, pair.userId(), erasureId);
      receipts(probe, erasureId, 1);
      tell(probe, event, pair.userId(), erasureId);
      receipts(probe, erasureId, 2);
      tell(probe, UUID.randomUUID(), pair.userId(), erasureId);

      assertThat(receipts(probe, erasureId, 3))
          .extracting(each -> JSON.readTree(each.value()).get("counts"))
          .containsOnly(
              JSON.readTree(
                  """
                  {"chat_message":1,"conversation":1,"message_vector":0,"preference":0,"rolling_summary":0,"import_origin":0,"persona_memory":1,"last_switch":0,
                   "known_persona":1}
                  """));
    }
  }

  @Test
  void whatComesAfterTheErasureFindsNobody() {
    long user = newId();
    PairId own = new PairId(user, personaOf(user));
    PairId shared = new PairId(user, systemPersona());
    say(own, "before");

    erase(user);

    assertThat(append(own)).isEqualTo(HttpStatus.NOT_FOUND);
    assertThat(append(shared)).isEqualTo(HttpStatus.NOT_FOUND);
    as(user).get().uri(messages(shared)).exchange().expectStatus().isNotFound();
    known.learn(new KnownPersona(own.personaId(), user, true, 9));
    known.learn(new KnownPersona(newId(), user, true, 1));
    switchTo(shared, 7);
    conversations.open(shared);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(naming(user)).contains(MARK).isSubsetOf(MARK, "outbox_event"));
  }

  @Test
  void anEventThatCannotBeReadDoesNotStopThoseBehindIt() {
    PairId pair = newPair();
    say(pair, "hello");
    String key = Long.toString(pair.userId());
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe =
        KafkaProbe.on(
            kafka, Topics.PERSONA_ERASURE, Topics.ACCOUNT_LIFECYCLE + ".memory-service.dlq")) {
      List<String> poison =
          List.of(
              "{\"user_id\": ",
              "{\"erasure_id\": \"%s\"}".formatted(erasureId),
              "{\"user_id\": %s}".formatted(key));
      List<UUID> dead = new ArrayList<>();
      for (String data : poison) {
        dead.add(UUID.randomUUID());
        probe.send(Topics.ACCOUNT_LIFECYCLE, key, dead.getLast(), EventTypes.ACCOUNT_DELETED, data);
      }
      UUID unknown = UUID.randomUUID();
      probe.send(Topics.ACCOUNT_LIFECYCLE, key, unknown, "io.mybella.account.deleted.v2", "{}");
      tell(probe, UUID.randomUUID(), pair.userId(), erasureId);

      receipts(probe, erasureId, 1);
      dead.add(unknown);
      assertThat(dead)
          .allSatisfy(
              id ->
                  assertThat(
                          probe.await(
                              record ->
                                  record.topic().endsWith(".dlq")
                                      && KafkaProbe.header(record, "ce_id").equals(id.toString()),
                              LIMIT))
                      .hasSize(1));
    }
  }

  /**
   * The user goes on writing to old and to new memories while the account is erased. Whatever was
   * written before is erased, and what comes later is refused; nothing remains and nothing else
   * fails.
   */
  @RepeatedTest(25)
  void whatIsWrittenDuringAnErasureIsErasedOrRefused() throws Exception {
    long user = newId();
    List<PairId> pairs = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      pairs.add(new PairId(user, writer % 2 == 0 ? systemPersona() : personaOf(user)));
    }
    append(pairs.getFirst());
    var writing = new CountDownLatch(pairs.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (PairId pair : pairs) {
        writers.add(
            threads.submit(
                () -> {
                  writing.countDown();
                  for (int i = 0; i < 2_000; i++) {
                    switchTo(pair, i);
                    if (append(pair) != HttpStatus.CREATED) {
                      return;
                    }
                  }
                  throw new AssertionError("The erasure never stopped the writer");
                }));
      }
      writing.await();
      erase(user);
      assertNothingIsLeft(user);
      for (Future<?> each : writers) {
        each.get();
      }
    }
    assertNothingIsLeft(user);
  }

  @Test
  void aLongHistoryGoesInBatchesAndIsCountedWhole() {
    PairId pair = newPair();
    say(pair, "the first");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO chat_message
                      (user_id, persona_id, id, conversation_id, role, content, created_at)
                    SELECT user_id, persona_id, uuidv7(), conversation_id, role, 'm', now()
                    FROM chat_message, generate_series(1, 12000) WHERE %s
                    """
                        .formatted(of(pair)))
                .update());
    erase(pair.userId());
    assertNothingIsLeft(pair.userId());
    assertThat(
            rows(
                MARK, "(counts ->> 'chat_message')::bigint = 12001 AND user_id = " + pair.userId()))
        .isOne();
  }

  /** Has the account erased and waits for the end of it. */
  private void erase(long user) {
    accounts.mark(user, UUID.randomUUID());
    erasure.erase(user);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> rows(MARK, "erased_at IS NOT NULL AND user_id = " + user) == 1);
  }

  private void sayEverywhere(PairId pair, String canary) {
    as(pair.userId())
        .post()
        .uri(messages(pair))
        .contentType(MediaType.APPLICATION_JSON)
        .header("Idempotency-Key", canary)
        .body(
            Map.of(
                "role",
                "user",
                "content",
                "Remember that " + canary,
                "model",
                canary,
                "client_message_id",
                canary,
                "metadata",
                Map.of(canary, canary)))
        .exchange()
        .expectStatus()
        .isCreated();
  }

  private HttpStatus append(PairId pair) {
    try {
      history.append(
          pair, new NewMessage(Role.USER, "while it lasts", null, null, null, null, null, null));
      return HttpStatus.CREATED;
    } catch (Problem problem) {
      assertThat(problem.status()).isEqualTo(HttpStatus.NOT_FOUND);
      return problem.status();
    }
  }

  private void assertNothingIsLeft(long user) {
    for (String table :
        List.of(
            "chat_message", "conversation", "preference", "rolling_summary", "persona_memory")) {
      assertThat(rows(table, "user_id = " + user)).as(table).isZero();
    }
    assertThat(rows("last_switch", "user_id = " + user)).isZero();
    assertThat(rows("known_persona", "owner_user_id = " + user)).isZero();
  }

  /** The tables with a row of which a column is the user's id, or an event that names it. */
  private List<String> naming(long user) {
    return tablesWhere(
        """
        EXISTS (SELECT FROM jsonb_each_text(to_jsonb(t)) AS each
                WHERE (each.key LIKE '%%user_id' AND each.value = '%1$d')
                  OR each.value ~ '"[a-z_]*user_id": ?%1$d[,}]')
        """
            .formatted(user));
  }

  private List<String> tablesWhere(String condition) {
    List<String> tables =
        asSuperuser(
            db ->
                db.sql(
                        """
                        SELECT table_name FROM information_schema.tables
                        WHERE table_schema = 'public' AND table_name NOT LIKE 'chat_message_p%'
                        """)
                    .query(String.class)
                    .list());
    return tables.stream().filter(table -> rows(table + " AS t", condition) > 0).toList();
  }

  private static void tell(KafkaProbe probe, UUID eventId, long user, UUID erasureId) {
    probe.send(
        Topics.ACCOUNT_LIFECYCLE,
        Long.toString(user),
        eventId,
        EventTypes.ACCOUNT_DELETED,
        "{\"user_id\": %d, \"erasure_id\": \"%s\", \"occurred_at\": \"2026-11-22T10:30:00Z\"}"
            .formatted(user, erasureId));
  }

  private static List<ConsumerRecord<String, byte[]>> receipts(
      KafkaProbe probe, UUID erasureId, int atLeast) {
    Predicate<ConsumerRecord<String, byte[]>> receipt =
        KafkaProbe.ofType(EventTypes.ACCOUNT_ERASED)
            .and(
                record ->
                    JSON.readTree(record.value())
                        .get("erasure_id")
                        .asString()
                        .equals(erasureId.toString()));
    return probe.await(receipt, atLeast, LIMIT);
  }
}
