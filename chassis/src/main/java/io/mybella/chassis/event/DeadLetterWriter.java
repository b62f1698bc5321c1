package io.mybella.chassis.event;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.springframework.cloud.stream.binder.kafka.KafkaMessageChannelBinder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;

/** Puts an event on the dead letter topic of its group: unchanged, with where it was and why. */
final class DeadLetterWriter {

  /** A record may be almost as large as the broker takes: there is little room for reasons. */
  private static final int LONGEST_TEXT = 4_000;

  private DeadLetterWriter() {}

  static DeadLetterPublishingRecoverer of(KafkaOperations<byte[], byte[]> kafka, String group) {
    var writer =
        new DeadLetterPublishingRecoverer(
            kafka,
            (event, _) ->
                new TopicPartition(
                    EventAutoConfiguration.deadLetterTopic(event.topic(), group),
                    event.partition()));
    writer.excludeHeader(DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd.values());
    writer.setHeadersFunction(DeadLetterWriter::headers);
    return writer;
  }

  private static Headers headers(ConsumerRecord<?, ?> event, Exception failure) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
    Headers headers = new RecordHeaders();
    text(headers, KafkaMessageChannelBinder.X_ORIGINAL_TOPIC, event.topic());
    headers.add(
        KafkaMessageChannelBinder.X_ORIGINAL_PARTITION,
        ByteBuffer.allocate(Integer.BYTES).putInt(event.partition()).array());
    number(headers, KafkaMessageChannelBinder.X_ORIGINAL_OFFSET, event.offset());
    number(headers, KafkaMessageChannelBinder.X_ORIGINAL_TIMESTAMP, event.timestamp());
    text(
        headers,
        KafkaMessageChannelBinder.X_ORIGINAL_TIMESTAMP_TYPE,
        event.timestampType().toString());
    text(headers, KafkaMessageChannelBinder.X_EXCEPTION_FQCN, cause.getClass().getName());
    text(
        headers, KafkaMessageChannelBinder.X_EXCEPTION_MESSAGE, String.valueOf(cause.getMessage()));
    text(headers, KafkaMessageChannelBinder.X_EXCEPTION_STACKTRACE, stackTrace(cause));
    return headers;
  }

  private static String stackTrace(Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  private static void text(Headers headers, String name, String value) {
    String bounded = value.substring(0, Math.min(value.length(), LONGEST_TEXT));
    headers.add(name, bounded.getBytes(StandardCharsets.UTF_8));
  }

  private static void number(Headers headers, String name, long value) {
    headers.add(name, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }
}
