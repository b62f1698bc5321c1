package io.mybella.chassis.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.tracing.Tracer;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.test.web.servlet.client.RestTestClient;

/** One trace joins a request, what it logs, and the events it causes, however far. */
@PlatformTest(database = "probe")
@ExtendWith(OutputCaptureExtension.class)
class TraceIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final String traceId = UUID.randomUUID().toString().replace("-", "");
  private final String key = UUID.randomUUID().toString();
  private final String kafka;
  private final RestTestClient http;
  private final ObjectProvider<Tracer> recording;

  @Autowired
  TraceIT(@LocalServerPort int port, Environment environment, ObjectProvider<Tracer> recording) {
    this.recording = recording;
    kafka = environment.getRequiredProperty("spring.kafka.bootstrap-servers");
    http =
        RestTestClient.bindToServer()
            .baseUrl("http://127.0.0.1:" + port)
            .defaultHeader("Authorization", TestTokens.bearer(7))
            .build();
  }

  /** Without an endpoint, as here, all of this works, and nothing is recorded. */
  @Test
  void noSpansAreRecordedThatNobodyWants() {
    assertThat(recording.getIfAvailable()).isNull();
  }

  @Test
  void anEventCarriesTheTraceOfTheRequestThatCausedIt() {
    http.post()
        .uri("/facts/{key}", key)
        .header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
        .exchange()
        .expectStatus()
        .isOk();
    assertThat(traceparentOfTheFact())
        .matches("00-" + traceId + "-[0-9a-f]{16}-01")
        .doesNotContain("b7ad6b7169203331");
  }

  @Test
  void aRequestWithoutATraceBeginsOne() {
    http.post().uri("/facts/{key}", key).exchange().expectStatus().isOk();
    assertThat(traceparentOfTheFact()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }

  @Test
  void anEventCausedByAnEventIsOfTheSameTrace() {
    try (var probe = KafkaProbe.on(kafka, "probe.notes")) {
      probe.send(
          "probe.notes",
          key,
          UUID.randomUUID(),
          "probe.note.v1",
          "{\"note_id\":77,\"text\":\"" + key + "\"}",
          Map.of("traceparent", "00-" + traceId + "-b7ad6b7169203331-00"));
    }
    assertThat(traceparentOfTheFact()).matches("00-" + traceId + "-[0-9a-f]{16}-00");
  }

  @Test
  void everyLogLineOfARequestNamesItsTrace(CapturedOutput output) {
    http.get()
        .uri("/numbers/-1")
        .header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
        .header("X-Request-Id", "request-" + key)
        .exchange()
        .expectStatus()
        .isEqualTo(500);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(output).contains("[request-" + key + " " + traceId + "]"));
  }

  private String traceparentOfTheFact() {
    try (var probe = KafkaProbe.on(kafka, "probe.facts")) {
      var fact = probe.await(each -> key.equals(each.key()), LIMIT).getFirst();
      return KafkaProbe.header(fact, "traceparent");
    }
  }
}
