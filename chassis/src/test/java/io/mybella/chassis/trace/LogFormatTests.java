package io.mybella.chassis.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What MYBELLA_LOG_FORMAT makes of a line. */
class LogFormatTests {

  private static final String FORMAT = "logging.structured.format.console";

  @Test
  void inContainersALineIsAnObjectThatNamesItsTraceAndItsRequest() throws IOException {
    JsonNode line = line(environment().withProperty("MYBELLA_LOG_FORMAT", "ecs"));
    assertThat(line.at("/@timestamp").asString()).isNotEmpty();
    assertThat(line.at("/log/level").asString()).isEqualTo("WARN");
    assertThat(line.at("/service/name").asString()).isEqualTo("probe-service");
    assertThat(line.path("message").asString()).isEqualTo("Events wait");
    assertThat(line.path("trace.id").asString()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(line.path("span.id").asString()).isEqualTo("b7ad6b7169203331");
    assertThat(line.path("http.request.id").asString()).isEqualTo("request-1");
    assertThat(line.has("trace_flags")).isFalse();
  }

  @Test
  void elsewhereItIsForPeople() throws IOException {
    assertThat(environment().getProperty(FORMAT)).isEmpty();
    assertThat(environment().withProperty("MYBELLA_LOG_FORMAT", "text").getProperty(FORMAT))
        .isEmpty();
  }

  @Test
  void anUnknownFormatIsRefused() throws IOException {
    MockEnvironment environment = environment().withProperty("MYBELLA_LOG_FORMAT", "xml");
    assertThatIllegalArgumentException().isThrownBy(() -> environment.getRequiredProperty(FORMAT));
  }

  private static MockEnvironment environment() throws IOException {
    var environment = new MockEnvironment();
    environment
        .getPropertySources()
        .addLast(
            new YamlPropertySourceLoader()
                .load("chassis", new ClassPathResource("chassis.yaml"))
                .getFirst());
    return environment.withProperty("spring.application.name", "probe-service");
  }

  private static JsonNode line(MockEnvironment environment) {
    var context = new LoggerContext();
    context.putObject(Environment.class.getName(), environment);
    var encoder = new StructuredLogEncoder();
    encoder.setContext(context);
    encoder.setFormat(environment.getRequiredProperty(FORMAT));
    encoder.start();
    var event =
        new LoggingEvent(
            LogFormatTests.class.getName(),
            context.getLogger("io.mybella"),
            Level.WARN,
            "Events wait",
            null,
            null);
    event.setMDCPropertyMap(
        Map.of(
            "trace_id", "0af7651916cd43dd8448eb211c80319c",
            "span_id", "b7ad6b7169203331",
            "trace_flags", "01",
            "request_id", "request-1"));
    return JsonMapper.shared().readTree(new String(encoder.encode(event), StandardCharsets.UTF_8));
  }
}
