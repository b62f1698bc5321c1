package io.mybella.chassis.event;

import io.mybella.chassis.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer logs, calls and publishes belongs to the trace of the event it handles; that of
 * several events at once belongs to a trace of its own.
 */
final class EventTraces implements EventInterceptor {

  @Override
  public ConsumerRecord<byte[], byte[]> intercept(
      ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    TraceParent.continuing(trace(event)).enter();
    return event;
  }

  @Override
  public void afterRecord(ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    TraceParent.leave();
  }

  @Override
  public ConsumerRecords<byte[], byte[]> intercept(
      ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
    TraceParent.continuing(batch.count() == 1 ? trace(batch.iterator().next()) : null).enter();
    return batch;
  }

  @Override
  public void success(ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
    TraceParent.leave();
  }

  @Override
  public void failure(
      ConsumerRecords<byte[], byte[]> batch, Exception failure, Consumer<byte[], byte[]> consumer) {
    TraceParent.leave();
  }

  /** The trace that an event names; null when it names none. */
  static @Nullable String trace(ConsumerRecord<byte[], byte[]> event) {
    Header given = event.headers().lastHeader(TraceParent.HEADER);
    return given == null ? null : new String(given.value(), StandardCharsets.UTF_8);
  }
}
