package io.mybella.system;

import static org.awaitility.Awaitility.await;

import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** The consumer group of a service: what it has read, and how to have it read all again. */
final class ConsumerGroup {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final TestPlatform platform;
  private final String name;

  private ConsumerGroup(TestPlatform platform, String name) {
    this.platform = platform;
    this.name = name;
  }

  static ConsumerGroup of(TestPlatform platform, Service service) {
    return new ConsumerGroup(platform, service.module());
  }

  /** Ends the service, sets the group back to the beginning and lets it read up to the end. */
  void deliverAgain() throws ExecutionException, InterruptedException {
    platform.hold(name);
    try (Admin admin = admin()) {
      await().atMost(LIMIT).until(() -> state(admin) == GroupState.EMPTY);
      Set<TopicPartition> partitions = committed(admin).keySet();
      admin
          .alterConsumerGroupOffsets(
              name,
              partitions.stream()
                  .collect(Collectors.toMap(each -> each, _ -> new OffsetAndMetadata(0))))
          .all()
          .get();
    } finally {
      platform.release(name);
    }
    awaitCaughtUp();
  }

  /** Waits until nothing is left to read of what is there now. */
  void awaitCaughtUp() throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      Set<TopicPartition> partitions = committed(admin).keySet();
      var ends =
          admin
              .listOffsets(
                  partitions.stream()
                      .collect(Collectors.toMap(each -> each, _ -> OffsetSpec.latest())))
              .all()
              .get();
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                Map<TopicPartition, OffsetAndMetadata> now = committed(admin);
                return ends.entrySet().stream()
                    .allMatch(end -> now.get(end.getKey()).offset() >= end.getValue().offset());
              });
    }
  }

  private GroupState state(Admin admin) throws ExecutionException, InterruptedException {
    return admin.describeConsumerGroups(Set.of(name)).all().get().get(name).groupState();
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(Admin admin)
      throws ExecutionException, InterruptedException {
    return admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata().get();
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", platform.kafkaBootstrapServers()));
  }
}
