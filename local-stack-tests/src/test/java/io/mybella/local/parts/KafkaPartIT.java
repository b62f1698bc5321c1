package io.mybella.local.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mybella.local.parts.KafkaPart.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class KafkaPartIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String FLUSHED = "recovery-point-offset-checkpoint";

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
  void whatWasAcknowledgedSurvivesAPowerCut(@TempDir Path folder, @TempDir Path copy)
      throws Exception {
    // The broker notes three times a second up to where it has flushed each partition.
    try (KafkaPart kafka =
        KafkaPart.start(
            Options.persistent(folder, 0),
            Map.of(
                "log.initial.task.delay.ms",
                "0",
                "log.flush.offset.checkpoint.interval.ms",
                "300"))) {
      create(kafka, "facts");
      send(kafka, "facts", "k", "first");
      send(kafka, "facts", "k", "second");
      // A note that was begun after the acknowledgement; an older one could still be written.
      Path note = folder.resolve(FLUSHED);
      await().atMost(LIMIT).until(() -> Files.exists(note));
      for (int written = 0; written < 2; written++) {
        FileTime before = Files.getLastModifiedTime(note);
        await().atMost(LIMIT).until(() -> Files.getLastModifiedTime(note).compareTo(before) > 0);
      }
      copy(folder, copy);
    }
    loseWhatWasNotFlushed(copy);
    try (KafkaPart kafka = KafkaPart.start(Options.persistent(copy, 0))) {
      assertThat(read(kafka, "facts", "readers")).containsExactly("first", "second");
    }
  }

  /**
   * Cuts each partition where the broker knows it to be on the disk. What lies behind is in the
   * memory of the operating system, which a {@code kill -9} leaves and a power cut takes. (A disk
   * that says it has written what it has not is beyond this test.)
   */
  private static void loseWhatWasNotFlushed(Path data) throws IOException {
    List<String> notes = Files.readAllLines(data.resolve(FLUSHED));
    for (String note : notes.subList(2, notes.size())) {
      String[] parts = note.split(" ", -1);
      Path segment = data.resolve(parts[0] + "-" + parts[1] + "/00000000000000000000.log");
      truncate(segment, Long.parseLong(parts[2]));
    }
  }

  private static void truncate(Path segment, long flushed) throws IOException {
    try (FileRecords records = FileRecords.open(segment.toFile(), true, 0, false)) {
      int end = 0;
      for (FileChannelRecordBatch batch : records.batches()) {
        if (batch.lastOffset() >= flushed) {
          break;
        }
        end += batch.sizeInBytes();
      }
      records.truncateTo(end);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.toString().matches(".*\\.(lock|tmp)")) {
          Files.copy(file, target);
        }
      }
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
