package io.mybella.chassis.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Reads topics from their beginning, and writes events, as a system outside the platform would. */
public final class KafkaProbe implements AutoCloseable {

  private final String bootstrapServers;
  private final List<String> topics;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

  private KafkaProbe(String bootstrapServers, List<String> topics) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  /** A probe that reads the topics from their beginning. */
  public static KafkaProbe on(String bootstrapServers, String... topics) {
    return new KafkaProbe(bootstrapServers, Arrays.asList(topics));
  }

  /**
   * Waits for records.
   *
   * @return all matching records seen so far, at least one
   * @throws AssertionError when none came in time
   */
  public List<ConsumerRecord<String, byte[]>> await(
      Predicate<ConsumerRecord<String, byte[]>> wanted, Duration limit) {
    return await(wanted, 1, limit);
  }

  /** Waits until at least so many matching records were seen; returns all of them. */
  public List<ConsumerRecord<String, byte[]>> await(
      Predicate<ConsumerRecord<String, byte[]>> wanted, int count, Duration limit) {
    Instant end = Instant.now().plus(limit);
    while (true) {
      List<ConsumerRecord<String, byte[]>> found = seen.stream().filter(wanted).toList();
      if (found.size() >= count) {
        return found;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "Saw %d of %d wanted records among %d on %s"
                .formatted(found.size(), count, seen.size(), topics));
      }
      poll();
    }
  }

  /** Everything that is on the topics now. */
  public List<ConsumerRecord<String, byte[]>> all() {
    assignNewPartitions();
    var ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll();
    }
    return List.copyOf(seen);
  }

  /** A header's text; empty when there is none. */
  public static String header(ConsumerRecord<?, ?> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Whether a record is a CloudEvent of a type. */
  public static Predicate<ConsumerRecord<String, byte[]>> ofType(String type) {
    return record -> header(record, "ce_type").equals(type);
  }

  /** Publishes a CloudEvent in binary mode, as another producer would; returns when it is there. */
  public void send(String topic, String key, UUID id, String type, String json) {
    send(topic, key, id, type, json, Map.of());
  }

  /** Publishes a CloudEvent as above, with more headers. */
  public void send(
      String topic, String key, UUID id, String type, String json, Map<String, String> more) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new ByteArraySerializer())) {
      var message = new ProducerRecord<>(topic, key, json.getBytes(StandardCharsets.UTF_8));
      Map.of(
              "ce_specversion",
              "1.0",
              "ce_id",
              id.toString(),
              "ce_type",
              type,
              "ce_source",
              "/probe",
              "ce_subject",
              key,
              "ce_time",
              Instant.now().toString(),
              "content-type",
              "application/json")
          .forEach(
              (name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      more.forEach(
          (name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      producer.send(message).get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException("Could not publish", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void poll() {
    assignNewPartitions();
    if (consumer.assignment().isEmpty()) {
      return;
    }
    consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
  }

  private void assignNewPartitions() {
    List<TopicPartition> partitions =
        topics.stream()
            .map(topic -> consumer.partitionsFor(topic, Duration.ofSeconds(5)))
            .filter(Objects::nonNull)
            .flatMap(List::stream)
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.size() != consumer.assignment().size()) {
      seen.clear();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
  }
}
