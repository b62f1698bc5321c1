package io.mybella.chassis.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.mock.env.MockEnvironment;

class TracingFilterTests {

  private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

  private static final Class<?>[] TRACING = {
    TracingAutoConfiguration.class,
    MicrometerTracingAutoConfiguration.class,
    OpenTelemetrySdkAutoConfiguration.class,
    OpenTelemetryTracingAutoConfiguration.class
  };

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void withoutAnEndpointNothingOfOpenTelemetryIsConfigured(String none) {
    var environment = new MockEnvironment().withProperty(ENDPOINT, none);
    assertThat(matches(environment, TRACING)).containsOnly(false);
    assertThat(matches(new MockEnvironment(), TRACING)).containsOnly(false);
    assertThat(matches(environment, WebMvcAutoConfiguration.class, null))
        .as("others, and what another filter has left out")
        .containsOnly(true);
  }

  @Test
  void withAnEndpointSpansAreRecordedAndLogsStayWhereTheyAre() {
    var environment = new MockEnvironment().withProperty(ENDPOINT, "http://127.0.0.1/v1/traces");
    assertThat(matches(environment, TRACING)).containsOnly(true);
    assertThat(matches(environment, OpenTelemetryLoggingAutoConfiguration.class))
        .containsOnly(false);
  }

  private static boolean[] matches(MockEnvironment environment, @Nullable Class<?>... classes) {
    var filter = new TracingFilter();
    filter.setEnvironment(environment);
    @Nullable String[] names = new String[classes.length];
    for (int i = 0; i < classes.length; i++) {
      names[i] = classes[i] == null ? null : classes[i].getName();
    }
    return filter.match(names, mock(AutoConfigurationMetadata.class));
  }
}
