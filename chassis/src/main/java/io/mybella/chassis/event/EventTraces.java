package io.mybella.chassis.event;

import io.mybella.chassis.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.springframework.kafka.listener.RecordInterceptor;

/** What a consumer logs, calls and publishes belongs to the trace of the event it handles. */
final class EventTraces implements RecordInterceptor<byte[], byte[]> {

  @Override
  public ConsumerRecord<byte[], byte[]> intercept(
      ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    Header given = event.headers().lastHeader(TraceParent.HEADER);
    TraceParent.continuing(given == null ? null : new String(given.value(), StandardCharsets.UTF_8))
        .enter();
    return event;
  }

  @Override
  public void afterRecord(ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    TraceParent.leave();
  }
}
