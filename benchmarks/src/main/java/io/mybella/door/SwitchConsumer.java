package io.mybella.door;

import io.mybella.contracts.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads switches from now on and tells the users of theirs. It belongs to no group, so that nothing
 * of it stays with the broker.
 */
final class SwitchConsumer implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, Switcher> users;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CompletableFuture<Void> reading;
  private volatile boolean closed;

  SwitchConsumer(int kafkaPort, List<Switcher> users) {
    this.users =
        users.stream()
            .collect(Collectors.toMap(user -> Long.toString(user.userId()), Function.identity()));
    this.consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + kafkaPort),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.PERSONA_SWITCHED).stream()
            .map(each -> new TopicPartition(each.topic(), each.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // Where the end is, is only asked for now.
    partitions.forEach(consumer::position);
    this.reading = CompletableFuture.runAsync(this::read, thread);
  }

  private void read() {
    while (!closed) {
      consumer.poll(POLL).forEach(this::take);
    }
  }

  private void take(ConsumerRecord<String, byte[]> event) {
    Switcher user = users.get(event.key());
    if (user != null) {
      JsonNode data = JsonMapper.shared().readTree(event.value());
      user.received(
          data.path("version").asLong(), Instant.parse(data.path("occurred_at").asString()));
    }
  }

  /**
   * Waits for the events of everything that was answered.
   *
   * @throws IllegalStateException when some are missing after half a minute, or none can be read
   */
  void awaitAll() throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (users.values().stream().anyMatch(user -> user.missing() > 0)) {
      if (reading.isDone()) {
        reading.get();
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            users.values().stream().mapToInt(Switcher::missing).sum() + " events do not come");
      }
      Thread.sleep(POLL);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.close();
    consumer.close();
  }
}
