package io.mybella.chassis.event;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.mybella.chassis.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Records the handling of an event as a span of the trace that the event belongs to, and that of
 * several events at once as a trace of its own with links to theirs. What a consumer logs, calls
 * and publishes meanwhile belongs to it.
 */
final class EventSpans implements EventInterceptor {

  /** More are cut off by OpenTelemetry anyway. */
  private static final int LINKS = 128;

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
    begin(propagator.extract(event, EventSpans::header), event.topic());
    return event;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> intercept(
      ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
    ConsumerRecord<byte[], byte[]> first = batch.iterator().next();
    if (batch.count() == 1) {
      intercept(first, consumer);
      return batch;
    }
    Span.Builder span = tracer.spanBuilder().setNoParent();
    span.tag("messaging.batch.message_count", batch.count());
    int links = 0;
    for (ConsumerRecord<byte[], byte[]> event : batch) {
      if (links++ < LINKS) {
        TraceParent.of(EventTraces.trace(event)).map(this::link).ifPresent(span::addLink);
      }
    }
    begin(span, first.topic());
    return batch;
  }

  private Link link(TraceParent cause) {
    return new Link(
        tracer
            .traceContextBuilder()
            .traceId(cause.traceId())
            .spanId(cause.spanId())
            .sampled(cause.sampled())
            .build());
  }

  private void begin(Span.Builder builder, String topic) {
    Span span =
        builder
            .kind(Span.Kind.CONSUMER)
            // The names of OpenTelemetry's conventions for messaging.
            .name("process " + topic)
            .tag("messaging.system", "kafka")
            .tag("messaging.operation.type", "process")
            .tag("messaging.destination.name", topic)
            .tag("messaging.consumer.group.name", group)
            .start();
    HANDLING.set(new Handling(span, tracer.withSpan(span)));
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> event, String name) {
    Header header = event.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void failure(
      ConsumerRecord<byte[], byte[]> event, Exception failure, Consumer<byte[], byte[]> consumer) {
    failed(failure);
  }

  @Override
  public void afterRecord(ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    end();
  }

  @Override
  public void failure(
      ConsumerRecords<byte[], byte[]> batch, Exception failure, Consumer<byte[], byte[]> consumer) {
    failed(failure);
    end();
  }

  @Override
  public void success(ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
    end();
  }

  private static void failed(Exception failure) {
    Handling underWay = HANDLING.get();
    if (underWay != null) {
      underWay.span.error(failure);
    }
  }

  private static void end() {
    Handling underWay = HANDLING.get();
    HANDLING.remove();
    if (underWay != null) {
      underWay.scope.close();
      underWay.span.end();
    }
  }
}
