package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@PlatformTest(database = "probe")
class EventsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Facts facts;
  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final String kafka;

  @Autowired
  EventsIT(
      Facts facts,
      JdbcClient database,
      PlatformTransactionManager transactions,
      Environment environment) {
    this.facts = facts;
    this.database = database;
    this.transactions = new TransactionTemplate(transactions);
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

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private List<Long> notes() {
    return database.sql("select id from note order by id").query(Long.class).list();
  }

  private static List<Long> numbers(KafkaProbe probe, String key) {
    return probe.all().stream()
        .filter(each -> key.equals(each.key()))
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
