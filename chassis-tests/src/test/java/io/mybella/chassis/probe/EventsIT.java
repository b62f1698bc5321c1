package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.probe.ProbeApplication.Facts;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@PlatformTest(database = "probe")
@ExtendWith(OutputCaptureExtension.class)
class EventsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String NOTES = "probe.notes";
  private static final String BATCHES = "probe.batches";

  private final Facts facts;
  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final HikariDataSource pool;
  private final MeterRegistry meters;
  private final String kafka;

  @Autowired
  EventsIT(
      Facts facts,
      JdbcClient database,
      PlatformTransactionManager transactions,
      HikariDataSource pool,
      MeterRegistry meters,
      Environment environment) {
    this.facts = facts;
    this.database = database;
    this.transactions = new TransactionTemplate(transactions);
    this.pool = pool;
    this.meters = meters;
    this.kafka = environment.getRequiredProperty("spring.kafka.bootstrap-servers");
  }

  @BeforeEach
  void noNotes() {
    database.sql("delete from note").update();
  }

  @Test
  void aCommittedEventReachesKafkaAsACloudEventAndLeavesTheOutbox() {
    String key = key();
    transactions.executeWithoutResult(_ -> facts.state(key, 1));
    try (var probe = KafkaProbe.on(kafka, "probe.facts")) {
      var record = probe.await(each -> key.equals(each.key()), LIMIT).getFirst();
      assertThat(KafkaProbe.header(record, "ce_specversion")).isEqualTo("1.0");
      assertThat(KafkaProbe.header(record, "ce_type")).isEqualTo("probe.fact.v1");
      assertThat(KafkaProbe.header(record, "ce_source")).isEqualTo("probe-service");
      assertThat(KafkaProbe.header(record, "ce_id")).hasSize(36);
      assertThat(KafkaProbe.header(record, "content-type")).isEqualTo("application/json");
      assertThat(KafkaProbe.header(record, "traceparent"))
          .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
      assertThat(new String(record.value(), StandardCharsets.UTF_8))
          .isEqualTo("{\"note_id\":1,\"text\":\"fact 1\"}");
    }
    await().atMost(LIMIT).until(() -> facts.waiting() == 0);
  }

  @Test
  void anEventOfARolledBackChangeIsNeverSent() {
    String key = key();
    transactions.executeWithoutResult(
        status -> {
          facts.state(key, 1);
          status.setRollbackOnly();
        });
    transactions.executeWithoutResult(_ -> facts.state(key, 2));
    try (var probe = KafkaProbe.on(kafka, "probe.facts")) {
      probe.await(each -> key.equals(each.key()), LIMIT);
      assertThat(numbers(probe, key)).containsExactly(2L);
    }
  }

  @Test
  void anEventNeedsATransaction() {
    assertThatThrownBy(() -> facts.state("x", 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theOrderOfAKeyIsTheOrderOfCommits() {
    String key = key();
    IntStream.rangeClosed(1, 700)
        .forEach(number -> transactions.executeWithoutResult(_ -> facts.state(key, number)));
    try (var probe = KafkaProbe.on(kafka, "probe.facts")) {
      probe.await(each -> key.equals(each.key()), 700, LIMIT);
      assertThat(numbers(probe, key))
          .isEqualTo(IntStream.rangeClosed(1, 700).mapToObj(Long::valueOf).toList());
    }
  }

  @Test
  void aSlowEarlyTransactionIsNotSkippedByAFastLaterOne() throws Exception {
    String slow = key();
    String fast = key();
    var inserted = new CountDownLatch(1);
    var fastIsOut = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var probe = KafkaProbe.on(kafka, "probe.facts")) {
      Callable<Void> early =
          () ->
              transactions.execute(
                  _ -> {
                    facts.state(slow, 1);
                    inserted.countDown();
                    awaitLatch(fastIsOut);
                    return null;
                  });
      var pending = threads.submit(early);
      awaitLatch(inserted);
      transactions.executeWithoutResult(_ -> facts.state(fast, 1));
      probe.await(each -> fast.equals(each.key()), LIMIT);
      fastIsOut.countDown();
      pending.get();
      probe.await(each -> slow.equals(each.key()), LIMIT);
    }
  }

  @Test
  void aRedeliveredEventHasOneEffect() {
    UUID id = UUID.randomUUID();
    try (var probe = KafkaProbe.on(kafka, "probe.notes")) {
      probe.send("probe.notes", "k", id, "probe.note.v1", "{\"note_id\":1,\"text\":\"one\"}");
      probe.send("probe.notes", "k", id, "probe.note.v1", "{\"note_id\":1,\"text\":\"one\"}");
      probe.send(
          "probe.notes",
          "k",
          UUID.randomUUID(),
          "probe.note.v1",
          "{\"note_id\":2,\"text\":\"two\"}");
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(notes()).containsExactly(1L, 2L));
  }

  @Test
  void aPoisonEventIsDeadLetteredOnceAndThePartitionGoesOn() {
    String key = key();
    try (var probe = KafkaProbe.on(kafka, "probe.notes", "probe.notes.probe-service.dlq")) {
      probe.send("probe.notes", key, UUID.randomUUID(), "probe.note.v1", "{\"note_id\":");
      probe.send(
          "probe.notes", key, UUID.randomUUID(), "probe.note.v1", "{\"note_id\":5,\"text\":\"x\"}");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(notes()).containsExactly(5L));
      var dead =
          probe.await(each -> each.topic().endsWith(".dlq") && key.equals(each.key()), LIMIT);
      assertThat(dead).hasSize(1);
      assertThat(KafkaProbe.header(dead.getFirst(), "ce_type")).isEqualTo("probe.note.v1");
      assertThat(KafkaProbe.header(dead.getFirst(), "x-exception-message")).isNotEmpty();
    }
  }

  @Test
  void anEventOfAnUnknownTypeIsIgnoredAndOneOfAnUnknownVersionIsDeadAtOnce() {
    String key = key();
    double retries = retries();
    try (var probe = KafkaProbe.on(kafka, "probe.notes.probe-service.dlq")) {
      send(probe, NOTES, key, "probe.other.v1", "{}");
      UUID newer = send(probe, NOTES, key, "probe.note.v2", "{\"note_id\":6,\"text\":\"x\"}");
      send(probe, NOTES, key, "probe.note.v1", "{\"note_id\":6,\"text\":\"x\"}");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(notes()).containsExactly(6L));
      assertThat(probe.await(each -> key.equals(each.key()), LIMIT))
          .extracting(each -> KafkaProbe.header(each, "ce_id"))
          .containsExactly(newer.toString());
      assertThat(retries()).as("failures").isEqualTo(retries + 1);
    }
  }

  @Test
  void theEventsOfABatchAreOneTransactionAndThoseThatFailArePutAsideAlone() throws Exception {
    String key = key();
    database.sql("insert into note (id, text) values (30, 'in the way')").update();
    try (var probe = KafkaProbe.on(kafka, BATCHES + ".probe-service.dlq", "probe.facts")) {
      UUID twice = UUID.randomUUID();
      List<UUID> poison =
          whileTheConsumerWaits(
              () -> {
                sendNotes(probe, BATCHES, key, 1, 9);
                note(probe, twice, key, 10);
                note(probe, twice, key, 10);
                send(probe, BATCHES, key, "probe.other.v1", "{}");
                UUID unreadable = send(probe, BATCHES, key, "probe.note.v1", "{\"note_id\":");
                sendNotes(probe, BATCHES, key, 11, 29);
                UUID inTheWay = sendNote(probe, BATCHES, key, 30);
                sendNotes(probe, BATCHES, key, 31, 50);
                note(probe, twice, key, 10);
                return List.of(unreadable, inTheWay);
              });
      probe.await(each -> key.equals(each.key()) && each.topic().endsWith(".facts"), 49, LIMIT);
      assertThat(numbers(probe, key, "probe.facts"))
          .isEqualTo(LongStream.rangeClosed(1, 50).filter(each -> each != 30).boxed().toList());
      assertThat(probe.all())
          .filteredOn(each -> key.equals(each.key()) && each.topic().endsWith(".dlq"))
          .extracting(each -> KafkaProbe.header(each, "ce_id"))
          .isEqualTo(poison.stream().map(UUID::toString).toList());
    }
    assertThat(transactionsOf(1, 10)).as("before what cannot be read").isLessThan(3);
    assertThat(transactionsOf(31, 50)).as("behind what fails").isLessThan(3);
  }

  /**
   * Holds up the consumer of batches with one event, so that those sent meanwhile come together.
   */
  private <T> T whileTheConsumerWaits(Callable<T> sending) throws Exception {
    return transactions.execute(
        status -> {
          status.setRollbackOnly();
          database.sql("insert into note (id, text) values (99, 'in the way')").update();
          try (var probe = KafkaProbe.on(kafka, BATCHES)) {
            String first = key();
            sendNote(probe, BATCHES, first, 99);
            await().atMost(LIMIT).until(() -> waitingForALock() > 0);
            return sending.call();
          } catch (Exception failed) {
            throw new IllegalStateException(failed);
          }
        });
  }

  private long waitingForALock() {
    return database
        .sql(
            """
            select count(*) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'
            """)
        .query(Long.class)
        .single();
  }

  private long transactionsOf(long first, long last) {
    return database
        .sql("select count(distinct xmin::text) from note where id between ? and ?")
        .params(first, last)
        .query(Long.class)
        .single();
  }

  @ParameterizedTest
  @ValueSource(strings = {NOTES, BATCHES})
  void whileTheDatabaseIsAwayEventsWaitAndNoneIsADeadLetter(String topic, CapturedOutput output)
      throws Exception {
    String key = key();
    String neighbour = keyOfAnotherPartition(key);
    pool.getHikariConfigMXBean().setConnectionTimeout(250);
    try (var probe = KafkaProbe.on(kafka, topic + ".probe-service.dlq", "probe.facts")) {
      try (var _ = new DatabaseAway(pool)) {
        double retries = retries();
        sendNotes(probe, topic, key, 1, 20);
        send(probe, topic, key, "probe.note.v1", "{\"note_id\":");
        sendNotes(probe, topic, key, 21, 40);
        send(probe, topic, neighbour, "probe.note.v1", "{\"note_id\":");

        // Twice and a half of the attempts that an event has which fails by itself.
        await().atMost(LIMIT).until(() -> retries() >= retries + 10);
        probe.await(each -> neighbour.equals(each.key()), LIMIT);
        assertThat(meters.get("mybella.events.stalled").gauge().value()).isEqualTo(1);
        assertThat(meters.get("mybella.events.stalled.age").gauge().value()).isPositive();
        assertThat(probe.all()).filteredOn(each -> key.equals(each.key())).isEmpty();
      }
      probe.await(each -> key.equals(each.key()) && each.topic().endsWith(".facts"), 40, LIMIT);
      assertThat(numbers(probe, key, "probe.facts"))
          .isEqualTo(LongStream.rangeClosed(1, 40).boxed().toList());
      assertThat(probe.all())
          .filteredOn(each -> key.equals(each.key()) && each.topic().endsWith(".dlq"))
          .hasSize(1);
      assertThat(meters.get("mybella.events.stalled").gauge().value()).isZero();
      assertThat(output.getOut().lines().filter(line -> line.contains("Events wait, ")))
          .as("warnings, one for each kind of reason")
          .hasSizeBetween(1, 3);
      assertThat(output.getOut()).contains("What events waited for is there again");
    } finally {
      pool.getHikariConfigMXBean().setConnectionTimeout(3000);
    }
  }

  private double retries() {
    return meters.get("mybella.events.retries").counter().count();
  }

  private static void sendNotes(KafkaProbe probe, String topic, String key, long first, long last) {
    LongStream.rangeClosed(first, last).forEach(number -> sendNote(probe, topic, key, number));
  }

  private static UUID sendNote(KafkaProbe probe, String topic, String key, long number) {
    return send(probe, topic, key, "probe.note.v1", json(key, number));
  }

  /** One for the consumer of batches, with an id that may have been there. */
  private static void note(KafkaProbe probe, UUID id, String key, long number) {
    probe.send(BATCHES, key, id, "probe.note.v1", json(key, number));
  }

  /** The note's text is the key of the fact that its consumer tells. */
  private static String json(String key, long number) {
    return "{\"note_id\":" + number + ",\"text\":\"" + key + "\"}";
  }

  private static UUID send(KafkaProbe probe, String topic, String key, String type, String json) {
    UUID id = UUID.randomUUID();
    probe.send(topic, key, id, type, json);
    return id;
  }

  private static String keyOfAnotherPartition(String key) {
    return Stream.generate(EventsIT::key)
        .filter(other -> partition(other) != partition(key))
        .findFirst()
        .orElseThrow();
  }

  private static int partition(String key) {
    return BuiltInPartitioner.partitionForKey(key.getBytes(StandardCharsets.UTF_8), 6);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private List<Long> notes() {
    return database.sql("select id from note order by id").query(Long.class).list();
  }

  private static List<Long> numbers(KafkaProbe probe, String key) {
    return numbers(probe, key, "probe.facts");
  }

  private static List<Long> numbers(KafkaProbe probe, String key, String topic) {
    return probe.all().stream()
        .filter(each -> key.equals(each.key()) && topic.equals(each.topic()))
        .map(each -> new String(each.value(), StandardCharsets.UTF_8))
        .map(json -> Long.valueOf(json.replaceAll("\\D*(\\d+),.*", "$1")))
        .toList();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
