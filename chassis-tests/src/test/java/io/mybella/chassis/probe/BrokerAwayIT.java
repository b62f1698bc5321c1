package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.event.EventTopics;
import io.mybella.chassis.probe.ProbeApplication.Facts;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A service starts, and ends, while there is no broker yet. What its clients of Kafka wait for may
 * take an hour here: a start or an end that waits for the broker never comes to its end.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class BrokerAwayIT {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String NEVER = String.valueOf(Duration.ofHours(1).toMillis());
  private static final int PARTITIONS = 3;
  private static final String WAITS = "Events wait for the broker";
  private static final String IS_THERE = "The broker is there";

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("probe");

  @TempDir Path folder;

  @Test
  void aServiceIsReadyBeforeItsBrokerAndReadsAndSendsOnceItIsThere(CapturedOutput output)
      throws Exception {
    int port = FreePort.find();
    try (ConfigurableApplicationContext service = start(port)) {
      assertWaits(service, output);
      publish(service, "early");

      assertSendsAndReadsWith(port, service);
      assertThat(output.getOut().lines().filter(line -> line.contains(IS_THERE))).hasSize(1);
    }
  }

  @Test
  void aServiceIsReadyThoughWhatStandsInTheBrokersPlaceNeverAnswers(CapturedOutput output)
      throws Exception {
    try (var silent = new SilentListener();
        ConfigurableApplicationContext service = start(silent.port())) {
      // The first one only looks whether anybody is there; the second one waits for an answer.
      await().atMost(LIMIT).until(() -> silent.accepted() >= 2);
      assertThat(service.getBean(EventTopics.class).created()).isFalse();
      assertThat(readiness(service)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
      assertNoStackTrace(output);
      publish(service, "early");
      silent.end();

      assertSendsAndReadsWith(silent.port(), service);
    }
  }

  @Test
  void aServiceThatStillWaitsForTheBrokerEndsWithoutItAndKeepsItsEvents(CapturedOutput output)
      throws Exception {
    try (var silent = new SilentListener()) {
      try (ConfigurableApplicationContext service = start(silent.port())) {
        await().atMost(LIMIT).until(() -> silent.accepted() >= 2);
        publish(service, "kept");
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .as("nobody waits on")
          .extracting(Thread::getName)
          .doesNotContain("event-topics");
    }
    try (KafkaPart broker = KafkaPart.start(KafkaPart.Options.persistent(folder, 0));
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // Of a time when fewer partitions were enough.
      admin.createTopics(List.of(new NewTopic("probe.facts", 1, (short) 1))).all().get();
      try (ConfigurableApplicationContext service = start(broker.port());
          var probe = KafkaProbe.on(broker.bootstrapServers(), "probe.facts")) {
        assertThat(readiness(service)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        probe.await(each -> "kept".equals(each.key()), LIMIT);
        assertThat(admin.describeTopics(List.of("probe.facts")).allTopicNames().get().values())
            .as("more partitions would move the keys")
            .singleElement()
            .satisfies(topic -> assertThat(topic.partitions()).hasSize(1));
        assertThat(output.getOut())
            .contains("probe.facts has 1 partitions and keeps them, though")
            .contains("mybella.events.partitions is " + PARTITIONS);
      }
    }
  }

  private static void assertWaits(ConfigurableApplicationContext service, CapturedOutput output) {
    assertThat(readiness(service)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
    assertThat(service.getBean(EventTopics.class).created()).isFalse();
    await().atMost(LIMIT).until(() -> output.getOut().contains(WAITS));
    assertThat(output.getOut().lines().filter(line -> line.contains(" WARN ")))
        .filteredOn(line -> line.contains("afka") || line.contains("roker"))
        .singleElement()
        .asString()
        .contains(WAITS);
    assertNoStackTrace(output);
  }

  private static void assertNoStackTrace(CapturedOutput output) {
    assertThat(output.getOut()).doesNotContain("\tat ").doesNotContain(" ERROR ");
  }

  /** What waited is sent, what was sent before a consumer began is read, all on topics as said. */
  private void assertSendsAndReadsWith(int port, ConfigurableApplicationContext service)
      throws Exception {
    try (KafkaPart broker = KafkaPart.start(KafkaPart.Options.persistent(folder, port));
        var probe = KafkaProbe.on(broker.bootstrapServers(), "probe.facts", "probe.notes");
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      var early = probe.await(each -> "early".equals(each.key()), LIMIT);
      assertThat(new String(early.getFirst().value(), StandardCharsets.UTF_8))
          .isEqualTo("{\"note_id\":1,\"text\":\"fact 1\"}");

      probe.send(
          "probe.notes", "k", UUID.randomUUID(), "probe.note.v1", "{\"note_id\":7,\"text\":\"t\"}");
      JdbcClient database = service.getBean(JdbcClient.class);
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  !database.sql("select id from note where id = 7").query().listOfRows().isEmpty());
      // Its consumer has told a fact of its own.
      probe.await(each -> "t".equals(each.key()), LIMIT);

      var topics = List.of("probe.facts", "probe.notes", "probe.notes.probe-service.dlq");
      assertThat(admin.describeTopics(topics).allTopicNames().get().values())
          .extracting(TopicDescription::partitions)
          .allSatisfy(partitions -> assertThat(partitions).hasSize(PARTITIONS));
      // Before the broker, which its consumers take leave of.
      service.close();
    }
  }

  private static ReadinessState readiness(ConfigurableApplicationContext service) {
    return service.getBean(ApplicationAvailability.class).getReadinessState();
  }

  private static void publish(ConfigurableApplicationContext service, String key) {
    new TransactionTemplate(service.getBean(PlatformTransactionManager.class))
        .executeWithoutResult(_ -> service.getBean(Facts.class).state(key, 1));
  }

  private ConfigurableApplicationContext start(int brokersPort) {
    return new SpringApplicationBuilder(ProbeApplication.class)
        .run(
            "--server.port=0",
            "--spring.datasource.url=" + fresh.jdbcUrl(),
            "--spring.datasource.username=" + fresh.appUser(),
            "--spring.datasource.password=" + fresh.appPassword(),
            "--spring.flyway.user=" + fresh.ownerUser(),
            "--spring.flyway.password=" + fresh.ownerPassword(),
            "--spring.kafka.bootstrap-servers=127.0.0.1:" + brokersPort,
            "--spring.kafka.admin.operation-timeout=1h",
            "--spring.kafka.admin.close-timeout=1h",
            "--spring.kafka.admin.properties[request.timeout.ms]=" + NEVER,
            "--spring.kafka.admin.properties[default.api.timeout.ms]=" + NEVER,
            "--spring.kafka.producer.properties[max.block.ms]=" + NEVER,
            "--mybella.events.partitions=" + PARTITIONS,
            "--mybella.security.jwks-uri=" + TestTokens.jwksUri(),
            "--mybella.blobs.folder=" + folder.resolve("blobs"));
  }
}
