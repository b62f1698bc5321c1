package io.mybella.voice;

import static io.mybella.voice.VoiceApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.erasure.AccountEraser;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.chassis.testing.FilesBelow;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.contracts.ContractFiles;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.voice.sample.SoundFiles;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What is left of a user when the account was deleted. */
class AccountErasureIT extends ElevenLabsServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final AtomicLong USERS = new AtomicLong(31_000);

  /** Where a user may be named: kept for good, so that nothing is kept of the user again. */
  private static final String MARK = "erased_account";

  @Autowired BlobStore blobs;
  @Autowired ErasedAccounts accounts;
  @Autowired AccountEraser erasure;
  @Autowired MeterRegistry meters;

  @Test
  void everythingOfTheUserGoesAndNothingOfAnother() throws IOException {
    long user = USERS.incrementAndGet();
    long other = USERS.incrementAndGet();
    String token = TestTokens.bearer(user);
    String canary = "canary" + UUID.randomUUID();
    List<Long> personas =
        List.of(api.created(user, canary, token), api.created(user, canary, token));
    List<String> samples = personas.stream().map(id -> sample(id, "false", token)).toList();
    long shared = api.created(null, null, token);
    assertThat(api.speak(shared, "Only for you.", token).statusCode()).isEqualTo(200);
    long kept = api.created(other, null, TestTokens.bearer(other));
    String keptSample = sample(kept, "false", TestTokens.bearer(other));
    UUID erasureId = UUID.randomUUID();

    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      tell(probe, UUID.randomUUID(), user, erasureId);
      ConsumerRecord<String, byte[]> receipt = receipts(probe, erasureId, 1).getFirst();

      assertThat(receipt.key()).isEqualTo(Long.toString(user));
      JsonNode data = json(receipt.value());
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(
                      json(
                          ContractFiles.schema(EventTypes.ACCOUNT_ERASED)
                              .getBytes(StandardCharsets.UTF_8)))
                  .validate(data))
          .isEmpty();
      assertThat(data.get("user_id").asLong()).isEqualTo(user);
      assertThat(data.get("service").asString()).isEqualTo("voice-service");
      assertThat(data.get("counts").get("voice_sample").asLong()).isEqualTo(2);
      assertThat(data.get("counts").get("blob").asLong()).isEqualTo(2);
      assertThat(data.get("counts").get("clone").asLong()).isZero();
      assertThat(data.get("counts").get("cached_audio").asLong()).isEqualTo(1);
    }
    assertThat(samples).allSatisfy(sample -> assertThat(blobs.get(sample)).isEmpty());
    assertThat(files())
        .noneMatch(file -> personas.stream().anyMatch(id -> file.contains("/" + id + "/")));
    assertThat(tablesWhere("t::text like '%" + canary + "%'")).isEmpty();
    // What was sent a moment ago leaves the outbox a moment later.
    await().atMost(LIMIT).untilAsserted(() -> assertThat(naming(user)).containsExactly(MARK));
    assertThat(blobs.get(keptSample)).isPresent();
    assertThat(naming(other)).contains("known_persona", "voice_sample");
  }

  @Test
  void whoseAccountIsGoneIsNotServed() {
    long user = USERS.incrementAndGet();
    String token = TestTokens.bearer(user);
    long own = api.created(user, null, token);
    long shared = api.created(null, null, token);

    erase(user, UUID.randomUUID());

    // The news of a persona that come late are taken without effect, before those that follow.
    UUID late = UUID.randomUUID();
    api.changed(own, user, null, 9, UUID.randomUUID());
    long unknown = VoiceApi.freshId();
    api.changed(unknown, user, null, 1, late);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                database
                        .sql("select count(*) from inbox_event where event_id = ?")
                        .param(late)
                        .query(Long.class)
                        .single()
                    == 1);
    assertThat(api.upload(own, "a.wav", SoundFiles.wav(2), token).statusCode()).isEqualTo(404);
    assertThat(api.upload(unknown, "a.wav", SoundFiles.wav(2), token).statusCode()).isEqualTo(404);
    assertThat(api.speak(shared, "Hello again.", token).statusCode()).isEqualTo(404);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(naming(user)).containsExactly(MARK));
    assertThat(api.speak(shared, "Hello.", TestTokens.bearer(user + 500_000)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aDeletionToldAgainIsAnsweredAgainWithTheSameCounts() {
    long user = USERS.incrementAndGet();
    String token = TestTokens.bearer(user);
    sample(api.created(user, null, token), "false", token);
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      UUID event = UUID.randomUUID();
      tell(probe, event, user, erasureId);
      tell(probe, event, user, erasureId);
      tell(probe, UUID.randomUUID(), user, erasureId);

      assertThat(receipts(probe, erasureId, 3))
          .extracting(each -> json(each.value()).get("counts"))
          .containsOnly(
              json(
                  "{\"blob\":1,\"cached_audio\":0,\"clone\":0,\"speech_job\":0,\"voice_sample\":1}"
                      .getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void theReceiptWaitsUntilElevenLabsHasDeletedTheLastClone() {
    long user = USERS.incrementAndGet();
    String token = TestTokens.bearer(user);
    List<Long> personas = List.of(api.created(user, null, token), api.created(user, null, token));
    personas.forEach(id -> sample(id, "true", token));
    List<String> clones = personas.stream().map(id -> cloneOf(id, token)).toList();
    ELEVEN_LABS.let("voices/delete", new Behaviour.Answers(500, "application/json", "{}"));
    UUID erasureId = UUID.randomUUID();

    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      tell(probe, UUID.randomUUID(), user, erasureId);
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  database
                          .sql(
                              """
                              select count(*) from clone_removal
                              where owner_user_id = ? and problem is not null
                              """)
                          .param(user)
                          .query(Long.class)
                          .single()
                      == 2);
      assertThat(meters.get("mybella.voice.clones.unfinished").gauge().value())
          .isGreaterThanOrEqualTo(2);
      tell(probe, UUID.randomUUID(), user, erasureId);
      assertThat(probe.all()).noneMatch(record -> record.key().equals(Long.toString(user)));

      allIsWell();
      assertThat(repeatRemovals()).isEqualTo(2);
      ConsumerRecord<String, byte[]> receipt = receipts(probe, erasureId, 1).getFirst();
      assertThat(json(receipt.value()).get("counts").get("clone").asLong()).isEqualTo(2);
      assertThat(clones)
          .allSatisfy(
              clone -> assertThat(ELEVEN_LABS.requests("/v1/voices/" + clone)).isNotEmpty());
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(naming(user)).containsExactly(MARK));
  }

  @Test
  void aCloneThatIsBeingMadeDuringTheErasureIsWaitedForAndDeleted() {
    long user = USERS.incrementAndGet();
    String token = TestTokens.bearer(user);
    long persona = api.created(user, null, token);
    CountDownLatch go = ELEVEN_LABS.holdClones();
    sample(persona, "true", token);
    await().atMost(LIMIT).until(() -> !ELEVEN_LABS.requests("/v1/voices/add").isEmpty());
    UUID erasureId = UUID.randomUUID();

    try (KafkaProbe probe = KafkaProbe.on(kafka, Topics.PERSONA_ERASURE)) {
      erase(user, erasureId);
      assertThat(naming(user)).contains("clone_in_making").doesNotContain("outbox_event");

      go.countDown();
      receipts(probe, erasureId, 1);
      assertThat(ELEVEN_LABS.requests("/v1/voices/clone"))
          .anyMatch(request -> request.method().equals("DELETE"));
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(naming(user)).containsExactly(MARK));
  }

  @Test
  void anEventThatCannotBeReadDoesNotStopThoseBehindIt() {
    long user = USERS.incrementAndGet();
    String key = Long.toString(user);
    UUID erasureId = UUID.randomUUID();
    try (KafkaProbe probe =
        KafkaProbe.on(
            kafka, Topics.PERSONA_ERASURE, Topics.ACCOUNT_LIFECYCLE + ".voice-service.dlq")) {
      List<UUID> dead = new ArrayList<>();
      for (String data :
          List.of(
              "{\"user_id\": ",
              "{\"erasure_id\": \"%s\"}".formatted(erasureId),
              "{\"user_id\": %s}".formatted(key))) {
        dead.add(UUID.randomUUID());
        probe.send(Topics.ACCOUNT_LIFECYCLE, key, dead.getLast(), EventTypes.ACCOUNT_DELETED, data);
      }
      dead.add(UUID.randomUUID());
      probe.send(
          Topics.ACCOUNT_LIFECYCLE, key, dead.getLast(), "io.mybella.account.deleted.v2", "{}");
      tell(probe, UUID.randomUUID(), user, erasureId);

      receipts(probe, erasureId, 1);
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

  /** The user goes on uploading while the account is erased: erased or refused, nothing else. */
  @RepeatedTest(10)
  void whatIsUploadedDuringAnErasureIsErasedOrRefused() throws Exception {
    long user = USERS.incrementAndGet();
    String token = TestTokens.bearer(user);
    List<Long> personas = List.of(api.created(user, null, token), api.created(user, null, token));
    byte[] sound = SoundFiles.wav(1.1);
    var writing = new CountDownLatch(personas.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (long persona : personas) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    int status = api.upload(persona, "a.wav", sound, token).statusCode();
                    writing.countDown();
                    if (status == 404) {
                      return;
                    }
                    assertThat(status).isEqualTo(200);
                  }
                  throw new AssertionError("The erasure never stopped the writer");
                }));
      }
      writing.await();
      erase(user, UUID.randomUUID());
      assertThat(rowsOf(user)).isZero();
      for (Future<?> each : writers) {
        each.get();
      }
    }
    assertThat(rowsOf(user)).isZero();
    for (long persona : personas) {
      assertThat(files()).noneMatch(file -> file.contains("/" + persona + "/"));
    }
  }

  private void erase(long user, UUID erasureId) {
    accounts.mark(user, erasureId);
    erasure.erase(user);
  }

  private long rowsOf(long user) {
    return database
        .sql(
            """
            select (select count(*) from voice_sample where owner_user_id = :user)
                + (select count(*) from known_persona where owner_user_id = :user)
            """)
        .param("user", user)
        .query(Long.class)
        .single();
  }

  private String sample(long persona, String consent, String token) {
    HttpResponse<byte[]> uploaded =
        api.upload(persona, "me.wav", SoundFiles.wav(2), consent, token);
    assertThat(uploaded.statusCode()).isEqualTo(200);
    return json(uploaded).get("voice_url").asString();
  }

  /** The tables with a row of which a column is the user's id, or an event that names it. */
  private List<String> naming(long user) {
    return tablesWhere(
        """
        exists (select from jsonb_each_text(to_jsonb(t)) as each
                where (each.key like '%%user_id' and each.value = '%1$d')
                  or each.value ~ '"[a-z_]*user_id": ?%1$d[,}]')
        """
            .formatted(user));
  }

  private List<String> tablesWhere(String condition) {
    return database
        .sql(
            """
            select table_name from information_schema.tables
            where table_schema = 'public' and table_type = 'BASE TABLE'
            """)
        .query(String.class)
        .list()
        .stream()
        .filter(
            table ->
                database
                    .sql("select exists (select from %s as t where %s)".formatted(table, condition))
                    .query(Boolean.class)
                    .single())
        .toList();
  }

  private List<String> files() throws IOException {
    Path folder = Path.of(environment.getRequiredProperty("mybella.blobs.folder"));
    return FilesBelow.folder(folder).stream().map(Path::toString).toList();
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
    return probe.await(
        KafkaProbe.ofType(EventTypes.ACCOUNT_ERASED)
            .and(
                record ->
                    json(record.value()).get("erasure_id").asString().equals(erasureId.toString())),
        atLeast,
        LIMIT);
  }
}
