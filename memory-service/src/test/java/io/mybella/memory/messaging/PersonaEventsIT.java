package io.mybella.memory.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.ContractFiles;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PersonaEventsIT extends MemoryServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final KafkaProbe kafka;

  PersonaEventsIT(@Value("${spring.kafka.bootstrap-servers}") String bootstrapServers) {
    this.kafka =
        KafkaProbe.on(
            bootstrapServers,
            Topics.PERSONA_ERASURE,
            Topics.PERSONA_LIFECYCLE + ".memory-service.dlq",
            Topics.PERSONA_SWITCHED + ".memory-service.dlq");
  }

  @AfterEach
  void closeProbe() {
    kafka.close();
  }

  @Test
  void aCreatedPersonaIsKnownAndOlderNewsOfItIsIgnored() {
    PairId pair = new PairId(newId(), newId());
    tell(EventTypes.PERSONA_UPDATED, snapshot(pair, 3, true));
    await().atMost(LIMIT).until(() -> version(pair) == 3);
    tell(EventTypes.PERSONA_CREATED, snapshot(pair, 1, false));
    tell(EventTypes.PERSONA_UPDATED, snapshot(pair, 2, false));
    tell(EventTypes.PERSONA_UPDATED, snapshot(pair, 4, true));
    await().atMost(LIMIT).until(() -> version(pair) == 4);
    say(pair, "hello");
    assertThat(rows("known_persona", "active AND persona_id = " + pair.personaId())).isOne();
  }

  @Test
  void aDeletedPersonaIsErasedAndAnsweredWithAReceipt() {
    PairId pair = newPair();
    say(pair, "the canary sings");
    say(pair, "Remember that the canary sings");
    assertThat(rows("preference", of(pair))).isOne();
    UUID erasureId = UUID.randomUUID();
    tell(EventTypes.PERSONA_DELETED, deleted(pair, erasureId));
    ConsumerRecord<String, byte[]> receipt = receipts(erasureId, 1).getFirst();
    for (String table :
        List.of(
            "chat_message", "conversation", "preference", "rolling_summary", "persona_memory")) {
      assertThat(rows(table, of(pair))).isZero();
    }
    assertThat(receipt.key()).isEqualTo(Long.toString(pair.personaId()));
    assertThat(KafkaProbe.header(receipt, "ce_type")).isEqualTo(EventTypes.PERSONA_ERASED);
    JsonNode data = JSON.readTree(receipt.value());
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.readTree(ContractFiles.schema(EventTypes.PERSONA_ERASED)))
                .validate(data))
        .isEmpty();
    assertThat(data.get("persona_id").longValue()).isEqualTo(pair.personaId());
    assertThat(data.get("service").stringValue()).isEqualTo("memory-service");
    assertThat(data.get("counts"))
        .isEqualTo(
            JSON.readTree(
                """
                {"chat_message":2,"conversation":1,"message_vector":0,"preference":1,"rolling_summary":0,"import_origin":0,"persona_memory":1}
                """));
    as(pair.userId()).get().uri(messages(pair)).exchange().expectStatus().isNotFound();
    assertThat(
            this.<Long>asSuperuser(
                db ->
                    db.sql(
                            """
                            SELECT count(*) FROM outbox_event WHERE data::text LIKE '%canary%'
                            """)
                        .query(Long.class)
                        .single()))
        .isZero();
  }

  @Test
  void aDeletionToldAgainIsAnsweredAgainWithTheSameCounts() {
    PairId pair = newPair();
    say(pair, "once");
    UUID erasureId = UUID.randomUUID();
    UUID eventId = UUID.randomUUID();
    tell(eventId, EventTypes.PERSONA_DELETED, deleted(pair, erasureId));
    receipts(erasureId, 1);
    tell(eventId, EventTypes.PERSONA_DELETED, deleted(pair, erasureId));
    receipts(erasureId, 2);
    tell(EventTypes.PERSONA_DELETED, deleted(pair, erasureId));
    assertThat(receipts(erasureId, 3))
        .extracting(each -> JSON.readTree(each.value()).get("counts"))
        .containsOnly(
            JSON.readTree(
                """
                {"chat_message":1,"conversation":1,"message_vector":0,"preference":0,"rolling_summary":0,"import_origin":0,"persona_memory":1}
                """));
  }

  @Test
  void nothingRevivesADeletedPersona() {
    PairId pair = newPair();
    UUID erasureId = UUID.randomUUID();
    tell(EventTypes.PERSONA_DELETED, deleted(pair, erasureId));
    tell(EventTypes.PERSONA_UPDATED, snapshot(pair, 99, true));
    switchTo(UUID.randomUUID(), pair, 7);
    PairId later = new PairId(pair.userId(), newId());
    receipts(erasureId, 1);
    // The same user's next switch is on the same partition: once it counts, the one before did.
    switchTo(UUID.randomUUID(), later, 8);
    await().atMost(LIMIT).until(() -> rows("conversation", of(later)) == 1);
    assertThat(rows("persona_memory", of(pair))).isZero();
    as(pair.userId()).get().uri(messages(pair)).exchange().expectStatus().isNotFound();
  }

  @Test
  void aDeletionOfAPersonaNeverHeardOfIsAnswered() {
    PairId pair = new PairId(newId(), newId());
    UUID erasureId = UUID.randomUUID();
    tell(EventTypes.PERSONA_DELETED, deleted(pair, erasureId));
    receipts(erasureId, 1);
    tell(EventTypes.PERSONA_CREATED, snapshot(pair, 1, true));
    PairId next = new PairId(pair.userId(), pair.personaId());
    as(next.userId()).get().uri(messages(next)).exchange().expectStatus().isNotFound();
  }

  @Test
  void aSwitchOpensTheConversationAndItsReplayIsHarmless() {
    PairId pair = newPair();
    UUID eventId = UUID.randomUUID();
    switchTo(eventId, pair, 1);
    switchTo(eventId, pair, 1);
    PairId other = new PairId(pair.userId(), personaOf(pair.userId()));
    switchTo(UUID.randomUUID(), other, 2);
    await().atMost(LIMIT).until(() -> rows("conversation", of(other)) == 1);
    assertThat(rows("conversation", of(pair))).isOne();
  }

  @Test
  void whatCannotBeUnderstoodIsDeadLetteredOnceAndTheRestGoesOn() {
    PairId pair = new PairId(newId(), newId());
    UUID unknown = UUID.randomUUID();
    UUID malformed = UUID.randomUUID();
    tell(unknown, "io.mybella.persona.created.v9", snapshot(pair, 1, true));
    tell(malformed, EventTypes.PERSONA_CREATED, "{\"persona_id\":\"many\"}", pair);
    tell(EventTypes.PERSONA_CREATED, snapshot(pair, 2, true));
    await().atMost(LIMIT).until(() -> version(pair) == 2);
    for (UUID each : List.of(unknown, malformed)) {
      assertThat(
              kafka.await(
                  record -> KafkaProbe.header(record, "ce_id").equals(each.toString()), LIMIT))
          .hasSize(1);
    }
  }

  @Test
  void aSwitchToSomebodyElsesPersonaIsDeadLettered() {
    PairId theirs = newPair();
    PairId forged = new PairId(newId(), theirs.personaId());
    PairId before = new PairId(forged.userId(), personaOf(forged.userId()));
    PairId after = new PairId(forged.userId(), personaOf(forged.userId()));
    UUID eventId = UUID.randomUUID();
    switchTo(UUID.randomUUID(), before, 1);
    switchTo(eventId, forged, 2);
    switchTo(UUID.randomUUID(), after, 3);
    await().atMost(LIMIT).until(() -> rows("conversation", of(after)) == 1);
    assertThat(
            kafka.await(
                record -> KafkaProbe.header(record, "ce_id").equals(eventId.toString()), LIMIT))
        .hasSize(1);
    assertThat(rows("conversation", of(before))).isOne();
    assertThat(rows("persona_memory", of(forged))).isZero();
  }

  private record Fact(PairId pair, String json) {}

  private static Fact snapshot(PairId pair, long version, boolean active) {
    return new Fact(
        pair,
        """
        {"persona_id":%d,"owner_user_id":%d,"name":"Sam","display_name":"Sam","description":null,
         "personality_traits":null,"communication_style":null,"tagline":null,"voice_id":null,
         "is_custom":true,"is_active":%s,"avatar_url":null,"version":%d,
         "occurred_at":"2026-11-22T10:15:30Z"}
        """
            .formatted(pair.personaId(), pair.userId(), active, version));
  }

  private static Fact deleted(PairId pair, UUID erasureId) {
    return new Fact(
        pair,
        """
        {"persona_id":%d,"owner_user_id":%d,"erasure_id":"%s","version":5,
         "occurred_at":"2026-11-22T10:15:30Z"}
        """
            .formatted(pair.personaId(), pair.userId(), erasureId));
  }

  private void tell(String type, Fact fact) {
    tell(UUID.randomUUID(), type, fact);
  }

  private void tell(UUID eventId, String type, Fact fact) {
    tell(eventId, type, fact.json(), fact.pair());
  }

  private void tell(UUID eventId, String type, String json, PairId pair) {
    kafka.send(Topics.PERSONA_LIFECYCLE, Long.toString(pair.personaId()), eventId, type, json);
  }

  private void switchTo(UUID eventId, PairId pair, long version) {
    kafka.send(
        Topics.PERSONA_SWITCHED,
        Long.toString(pair.userId()),
        eventId,
        EventTypes.PERSONA_SWITCHED,
        """
        {"user_id":%d,"persona_id":%d,"previous_persona_id":null,"reason":"user","version":%d,
         "occurred_at":"2026-11-22T10:15:30Z"}
        """
            .formatted(pair.userId(), pair.personaId(), version));
  }

  private List<ConsumerRecord<String, byte[]>> receipts(UUID erasureId, int count) {
    return kafka.await(
        record ->
            record.topic().equals(Topics.PERSONA_ERASURE)
                && JSON.readTree(record.value())
                    .path("erasure_id")
                    .asString()
                    .equals(erasureId.toString()),
        count,
        LIMIT);
  }

  private long version(PairId pair) {
    return this.<Long>asSuperuser(
        db ->
            db.sql("SELECT version FROM known_persona WHERE persona_id = :id")
                .param("id", pair.personaId())
                .query(Long.class)
                .optional()
                .orElse(0L));
  }
}
