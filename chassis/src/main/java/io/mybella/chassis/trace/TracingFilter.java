package io.mybella.chassis.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Leaves OpenTelemetry alone where no spans are wanted: nothing of it is loaded then, and a service
 * starts as fast as without it. Spans are wanted when there is somewhere to send them.
 */
final class TracingFilter implements AutoConfigurationImportFilter, EnvironmentAware {

  private static final List<String> ENDPOINTS =
      List.of(
          "management.opentelemetry.tracing.export.otlp.endpoint",
          "management.opentelemetry.otlp.endpoint");

  private static final List<String> TRACING =
      List.of(
          "org.springframework.boot.micrometer.tracing.",
          "org.springframework.boot.opentelemetry.",
          "io.mybella.chassis.trace.");

  /** Log lines go to the console, whoever collects them from there. */
  private static final String LOGS =
      "org.springframework.boot.opentelemetry.autoconfigure.logging.";

  private boolean wanted;

  @Override
  public void setEnvironment(Environment environment) {
    wanted =
        ENDPOINTS.stream().anyMatch(name -> StringUtils.hasText(environment.getProperty(name)));
  }

  @Override
  public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
    boolean[] matches = new boolean[classes.length];
    for (int i = 0; i < classes.length; i++) {
      String name = classes[i];
      matches[i] = name == null || isWanted(name);
    }
    return matches;
  }

  private boolean isWanted(String name) {
    return wanted ? !name.startsWith(LOGS) : TRACING.stream().noneMatch(name::startsWith);
  }
}
