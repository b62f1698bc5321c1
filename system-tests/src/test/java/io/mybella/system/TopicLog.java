package io.mybella.system;

import io.mybella.local.TestPlatform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All that lies in topics at a moment, read from the beginning without any group. */
final class TopicLog {

  private TopicLog() {}

  /** The records of topics, those of a partition in their order. */
  static List<ConsumerRecord<String, String>> read(TestPlatform platform, String... topics) {
    Map<String, Object> settings = Map.of("bootstrap.servers", platform.kafkaBootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          Arrays.stream(topics)
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(part -> new TopicPartition(part.topic(), part.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  /** A header's text; empty without it. */
  static String header(ConsumerRecord<?, ?> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
