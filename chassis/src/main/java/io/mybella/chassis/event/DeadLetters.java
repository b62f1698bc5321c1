package io.mybella.chassis.event;

import io.mybella.chassis.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.stream.binder.kafka.KafkaMessageChannelBinder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/**
 * The events that this service's consumers could not handle. They are handed to those consumers
 * again, and to nobody else: sent to their topic once more, an old event would reach every group
 * and, on a compacted topic, push out the newest one of its key.
 *
 * <p>How far this went is kept as offsets of a group of its own. An event that fails again is put
 * at the end of its dead letter topic. Ended midway, a replay goes on where it was; an event that
 * is handled twice has one effect, because of the inbox.
 */
final class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int PROGRESS = 100;

  private final Map<String, Object> kafka;
  private final KafkaTemplate<String, byte[]> producer;
  private final Map<String, Consumer<Message<byte[]>>> handlers;
  private final String service;

  /**
   * Dead letters of one service.
   *
   * @param kafka how a consumer reaches the broker
   * @param handlers the consumers of the service by the topic they read
   */
  DeadLetters(
      Map<String, Object> kafka,
      KafkaTemplate<String, byte[]> producer,
      Map<String, Consumer<Message<byte[]>>> handlers,
      String service) {
    this.kafka = kafka;
    this.producer = producer;
    this.handlers = new TreeMap<>(handlers);
    this.service = service;
  }

  /**
   * What became of the dead letters that were there.
   *
   * @param handled now
   * @param failed again
   */
  record Replayed(int handled, int failed) {

    Replayed plus(Replayed other) {
      return new Replayed(handled + other.handled, failed + other.failed);
    }
  }

  /** The topics that this service reads. */
  Set<String> topics() {
    return handlers.keySet();
  }

  /** Tells each dead letter of a topic that was not replayed yet; returns how many there are. */
  int list(String topic) {
    int[] count = {0};
    forEach(
        topic,
        (consumer, letter) -> {
          count[0]++;
          log.info(
              "{}: {} {} of key {}, dead since {}: {}",
              place(letter),
              text(letter, CloudEventHeaders.TYPE),
              text(letter, CloudEventHeaders.ID),
              text(letter.key()),
              Instant.ofEpochMilli(letter.timestamp()),
              text(letter, KafkaMessageChannelBinder.X_EXCEPTION_MESSAGE));
        });
    return count[0];
  }

  /**
   * Hands the dead letters that a topic has now to their consumer, in their order.
   *
   * @throws RuntimeException when something that they need is away; the rest waits for another
   *     replay
   */
  Replayed replay(String topic) {
    var handler = Objects.requireNonNull(handlers.get(topic), topic);
    Replayed[] sum = {new Replayed(0, 0)};
    forEach(
        topic,
        (consumer, letter) -> {
          sum[0] = sum[0].plus(replay(handler, letter));
          // Only now: a letter is either handled, or at the end of the topic again.
          consumer.commitSync(
              Map.of(partition(letter), new OffsetAndMetadata(letter.offset() + 1)));
          if ((sum[0].handled() + sum[0].failed()) % PROGRESS == 0) {
            log.info("{}: {} handled, {} failed again", topic, sum[0].handled(), sum[0].failed());
          }
        });
    return sum[0];
  }

  private Replayed replay(
      Consumer<Message<byte[]>> handler, ConsumerRecord<byte[], byte[]> letter) {
    TraceParent.continuing(text(letter, TraceParent.HEADER)).enter();
    try {
      handler.accept(message(letter));
      return new Replayed(1, 0);
    } catch (RuntimeException failed) {
      if (PassingFailures.isPassing(failed)) {
        // All the others would fail for the same reason: this one is the first of the next replay.
        throw failed;
      }
      log.warn("{} failed again", place(letter), failed);
      putBack(letter, failed);
      return new Replayed(0, 1);
    } finally {
      TraceParent.leave();
    }
  }

  private static Message<byte[]> message(ConsumerRecord<byte[], byte[]> letter) {
    Map<String, Object> headers = new HashMap<>();
    letter.headers().forEach(header -> headers.put(header.key(), header.value()));
    return MessageBuilder.withPayload(letter.value()).copyHeaders(headers).build();
  }

  /** At the end of its topic, with the new reason. */
  private void putBack(ConsumerRecord<byte[], byte[]> letter, RuntimeException failed) {
    var back =
        new ProducerRecord<>(
            letter.topic(), letter.partition(), text(letter.key()), letter.value());
    letter.headers().forEach(back.headers()::add);
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(failed);
    replace(back.headers(), KafkaMessageChannelBinder.X_EXCEPTION_FQCN, cause.getClass().getName());
    replace(
        back.headers(),
        KafkaMessageChannelBinder.X_EXCEPTION_MESSAGE,
        String.valueOf(cause.getMessage()));
    back.headers().remove(KafkaMessageChannelBinder.X_EXCEPTION_STACKTRACE);
    producer.send(back).join();
  }

  private static void replace(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private interface Visit {
    void accept(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> letter);
  }

  /** Reads what the dead letter topic holds at this moment, and not what is added meanwhile. */
  private void forEach(String topic, Visit visit) {
    try (var consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(EventAutoConfiguration.deadLetterTopic(topic, service)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(POLL)) {
          if (letter.offset() < ends.getOrDefault(partition(letter), 0L)) {
            visit.accept(consumer, letter);
          }
        }
      }
    }
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> letter) {
    return new TopicPartition(letter.topic(), letter.partition());
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, service + ".dead-letters");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static String place(ConsumerRecord<?, ?> letter) {
    return letter.topic() + "-" + letter.partition() + " @ " + letter.offset();
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? "" : text(header.value());
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
