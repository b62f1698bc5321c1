package io.mybella.chassis.event;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.RecordInterceptor;

/**
 * Records the handling of an event as a span of the trace that the event belongs to. What a
 * consumer logs, calls and publishes meanwhile belongs to it.
 */
final class EventSpans implements RecordInterceptor<byte[], byte[]> {

  /** What is under way on the thread of a consumer. */
  private record Handling(Span span, Tracer.SpanInScope scope) {}

  private static final ThreadLocal<@Nullable Handling> HANDLING = new ThreadLocal<>();

  private final Tracer tracer;
  private final Propagator propagator;
  private final String group;

  /**
   * @param group who handles the events: the service
   */
  EventSpans(Tracer tracer, Propagator propagator, String group) {
    this.tracer = tracer;
    this.propagator = propagator;
    this.group = group;
  }

  @Override
  public ConsumerRecord<byte[], byte[]> intercept(
      ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    Span span =
        propagator
            .extract(event, EventSpans::header)
            .kind(Span.Kind.CONSUMER)
            // The names of OpenTelemetry's conventions for messaging.
            .name("process " + event.topic())
            .tag("messaging.system", "kafka")
            .tag("messaging.operation.type", "process")
            .tag("messaging.destination.name", event.topic())
            .tag("messaging.consumer.group.name", group)
            .start();
    HANDLING.set(new Handling(span, tracer.withSpan(span)));
    return event;
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> event, String name) {
    Header header = event.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void failure(
      ConsumerRecord<byte[], byte[]> event, Exception failure, Consumer<byte[], byte[]> consumer) {
    Handling underWay = HANDLING.get();
    if (underWay != null) {
      underWay.span.error(failure);
    }
  }

  @Override
  public void afterRecord(ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    Handling underWay = HANDLING.get();
    HANDLING.remove();
    if (underWay != null) {
      underWay.scope.close();
      underWay.span.end();
    }
  }
}
