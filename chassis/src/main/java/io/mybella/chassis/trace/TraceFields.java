package io.mybella.chassis.trace;

import io.micrometer.tracing.otel.bridge.EventPublishingContextWrapper.ScopeAttachedEvent;
import io.micrometer.tracing.otel.bridge.EventPublishingContextWrapper.ScopeClosedEvent;
import io.micrometer.tracing.otel.bridge.EventPublishingContextWrapper.ScopeRestoredEvent;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes the span under way on a thread the {@linkplain TraceParent#current() step} under way there:
 * log lines, calls and events name it, as they do where no spans are recorded.
 */
final class TraceFields extends Slf4JEventListener {

  @Override
  public void onEvent(Object event) {
    switch (event) {
      case ScopeAttachedEvent attached -> enter(attached.getSpan());
      case ScopeRestoredEvent restored -> enter(restored.getSpan());
      case ScopeClosedEvent _ -> TraceParent.leave();
      default -> {
        // Nothing that concerns the thread.
      }
    }
  }

  private static void enter(@Nullable Span span) {
    if (span != null) {
      SpanContext step = span.getSpanContext();
      new TraceParent(step.getTraceId(), step.getSpanId(), step.isSampled()).enter();
    }
  }
}
