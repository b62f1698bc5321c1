package io.mybella.door;

import io.mybella.contracts.event.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The switches that memory-service has yet to take. */
final class Backlog implements AutoCloseable {

  private static final String CONSUMER = "memory-service";
  private static final Duration MOST = Duration.ofMinutes(5);

  private final Admin admin;

  Backlog(int kafkaPort) {
    this.admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + kafkaPort));
  }

  /** How many there are. */
  long size() throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> taken =
        admin
            .listConsumerGroupOffsets(CONSUMER)
            .partitionsToOffsetAndMetadata()
            .get()
            .entrySet()
            .stream()
            .filter(each -> each.getKey().topic().equals(Topics.PERSONA_SWITCHED))
            .filter(each -> each.getValue() != null)
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
    var ends =
        admin
            .listOffsets(
                taken.keySet().stream()
                    .collect(Collectors.toMap(each -> each, _ -> OffsetSpec.latest())))
            .all()
            .get();
    return ends.entrySet().stream()
        .mapToLong(each -> each.getValue().offset() - taken.getOrDefault(each.getKey(), 0L))
        .sum();
  }

  /**
   * Waits until there are none.
   *
   * @return for how long
   * @throws IllegalStateException when some are left after five minutes
   */
  Duration drained() throws InterruptedException, ExecutionException {
    long begin = System.nanoTime();
    while (size() > 0) {
      if (System.nanoTime() - begin > MOST.toNanos()) {
        throw new IllegalStateException("memory-service does not catch up with switches");
      }
      Thread.sleep(20);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    admin.close();
  }
}
