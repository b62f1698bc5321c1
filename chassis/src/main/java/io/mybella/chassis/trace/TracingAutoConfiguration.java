package io.mybella.chassis.trace;

import io.micrometer.observation.ObservationPredicate;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** What is particular about spans here. Only there when they are wanted: {@link TracingFilter}. */
@AutoConfiguration(before = OpenTelemetryTracingAutoConfiguration.class)
class TracingAutoConfiguration {

  @Bean
  Slf4JEventListener traceFields() {
    return new TraceFields();
  }

  /** Nobody looks for what Prometheus and health checks ask for every few seconds. */
  @Bean
  ObservationPredicate withoutManagement() {
    return (_, context) ->
        !(context instanceof ServerRequestObservationContext request
            && request.getCarrier() != null
            && request.getCarrier().getRequestURI().startsWith("/actuator/"));
  }
}
