package io.mybella.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.EventContract;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.local.parts.KafkaPart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away under a running gateway, and comes back. */
class BrokerAwayIT {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Test
  void theGatewayStaysReadyAndAnAccountCanBeDeletedWhileTheBrokerIsAway(@TempDir Path folder) {
    KafkaPart broker = KafkaPart.start(KafkaPart.Options.persistent(folder, 0));
    int brokersPort = broker.port();
    try (AnotherGateway gateway = AnotherGateway.with(broker.bootstrapServers())) {
      Browser owner = Browser.signedUp(gateway.port(), "Ada");
      broker.close();

      var answer =
          owner.send("DELETE", "/api/auth/me", Browser.json(Map.of("password", Browser.PASSWORD)));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      String erasureId = Browser.json(answer).get("erasure_id").asString();
      var erasure = owner.get("/api/auth/erasures/" + erasureId);
      assertThat(Browser.json(erasure).get("status").asString()).isEqualTo("pending");
      assertThat(isReady(gateway)).isTrue();

      broker = KafkaPart.start(KafkaPart.Options.persistent(folder, brokersPort));
      assertThat(deletionTold(broker)).isEqualTo(erasureId);
    } finally {
      broker.close();
    }
  }

  @Test
  void theGatewayStartsWhileTheBrokerIsAwayAndReadsOnceItIsThere(@TempDir Path folder)
      throws Exception {
    int brokersPort;
    try (KafkaPart neverUsed = KafkaPart.start(KafkaPart.Options.persistent(folder, 0))) {
      brokersPort = neverUsed.port();
    }
    try (AnotherGateway gateway = AnotherGateway.with("127.0.0.1:" + brokersPort)) {
      Browser owner = Browser.signedUp(gateway.port(), "Grace");
      assertThat(isReady(gateway)).isTrue();

      try (KafkaPart broker = KafkaPart.start(KafkaPart.Options.persistent(folder, brokersPort));
          Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        await().atMost(LIMIT).ignoreExceptions().until(() -> reads(admin));
        owner.send("DELETE", "/api/auth/me", Browser.json(Map.of("password", Browser.PASSWORD)));
        assertThat(deletionTold(broker)).isNotEmpty();
      }
    }
  }

  /** Whether the gateway is a member of its group, with a partition to read. */
  private static boolean reads(Admin admin) throws Exception {
    return admin
        .describeConsumerGroups(List.of("gateway"))
        .describedGroups()
        .get("gateway")
        .get()
        .members()
        .stream()
        .anyMatch(member -> !member.assignment().topicPartitions().isEmpty());
  }

  private static boolean isReady(AnotherGateway gateway) {
    var operator = new Browser(gateway.managementPort());
    return operator.get("/actuator/health/readiness").statusCode() == 200;
  }

  /** Waits for the event of the deletion; returns the id of the erasure that it tells of. */
  private static String deletionTold(KafkaPart broker) {
    try (KafkaProbe probe = KafkaProbe.on(broker.bootstrapServers(), Topics.ACCOUNT_LIFECYCLE)) {
      var told = probe.await(KafkaProbe.ofType(EventTypes.ACCOUNT_DELETED), LIMIT);
      return EventContract.valid(told.getFirst()).get("erasure_id").asString();
    }
  }
}
