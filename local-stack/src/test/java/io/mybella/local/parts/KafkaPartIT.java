package io.mybella.local.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.local.parts.KafkaPart.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class KafkaPartIT {

  @Test
  void aRecordThatWasSentIsReadByAGroup() throws Exception {
    try (KafkaPart kafka = KafkaPart.start(Options.temporary())) {
      create(kafka, "facts");
      send(kafka, "facts", "k", "value");
      assertThat(read(kafka, "facts", "readers")).containsExactly("value");
    }
  }

  @Test
  void aRestartOnAnotherPortKeepsTopicsAndOffsets(@TempDir Path folder) throws Exception {
    try (KafkaPart kafka = KafkaPart.start(Options.persistent(folder, 0))) {
      create(kafka, "facts");
      send(kafka, "facts", "k", "first");
      assertThat(read(kafka, "facts", "readers")).containsExactly("first");
    }
    try (KafkaPart kafka = KafkaPart.start(Options.persistent(folder, 0))) {
      send(kafka, "facts", "k", "second");
      assertThat(read(kafka, "facts", "readers")).containsExactly("second");
      assertThat(read(kafka, "facts", "newcomers")).containsExactly("first", "second");
    }
  }

  @Test
  void aMisspeltTopicIsNotCreated() {
    try (KafkaPart kafka = KafkaPart.start(Options.temporary());
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", "1000"),
                new StringSerializer(),
                new StringSerializer())) {
      assertThatThrownBy(
              () -> producer.send(new ProducerRecord<>("fatcs", "v")).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("not present in metadata");
    }
  }

  private static void create(KafkaPart kafka, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static void send(KafkaPart kafka, String topic, String key, String value)
      throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get(20, TimeUnit.SECONDS);
    }
  }

  /** Reads to the end as a member of the group and commits. */
  private static List<String> read(KafkaPart kafka, String topic, String group) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                group,
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      List<String> values = new ArrayList<>();
      boolean atEnd = false;
      while (!atEnd) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
        atEnd =
            !consumer.assignment().isEmpty()
                && consumer.endOffsets(consumer.assignment()).entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
      }
      consumer.commitSync();
      return values;
    }
  }
}
