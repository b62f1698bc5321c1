package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import io.mybella.system.SpanCollector.Recorded;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What one click causes is one trace, which a collector gets. The platform of these tests records
 * what its caller has sampled, and begins no traces of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class TracesIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CALLER = "b7ad6b7169203331";

  private final String trace = UUID.randomUUID().toString().replace("-", "");
  private final TestPlatform platform;
  private final SpanCollector spans;
  private final Map<String, String> key;

  TracesIT(TestPlatform platform, SpanCollector spans) {
    this.platform = platform;
    this.spans = spans;
    this.key = Account.register(platform, "Traced").key();
  }

  @Test
  void aRequestAndTheEventThatItCausesAreOneTraceThroughThreeServices() {
    String unwanted = UUID.randomUUID().toString().replace("-", "");
    send(Call.of("POST", "/api/personas/create").json(Map.of("name", "Quiet")), unwanted, "00");
    send(Call.of("POST", "/api/personas/create").json(Map.of("name", "Traced")), trace, "01");

    Recorded gateway = recorded("gateway", "SERVER", span -> span.parent().equals(CALLER));
    Recorded personas =
        recorded("persona-service", "SERVER", span -> span.parent().equals(gateway.id()));
    assertThat(personas.name()).isEqualTo("http post /api/personas/create");
    Recorded memory =
        recorded("memory-service", "CONSUMER", span -> span.parent().equals(personas.id()));
    assertThat(memory.name()).isEqualTo("process mybella.persona.lifecycle");
    recorded("voice-service", "CONSUMER", span -> span.parent().equals(personas.id()));
    // What came before would be there by now.
    assertThat(spans.of(unwanted)).isEmpty();
  }

  @Test
  void aCallFromServiceToServiceIsAStepOfItsOwn() {
    send(Call.of("POST", "/api/personas/1/chat").json(Map.of("content", "Hello")), trace, "01");

    Recorded chat = recorded("chat-service", "SERVER", span -> span.name().endsWith("/chat"));
    Recorded call =
        recorded(
            "chat-service",
            "CLIENT",
            span -> span.parent().equals(chat.id()) && span.name().startsWith("http post"));
    Recorded memory = recorded("memory-service", "SERVER", span -> span.parent().equals(call.id()));
    assertThat(memory.name()).isEqualTo("http post /api/personas/{id}/messages");
  }

  private void send(Call call, String traceId, String flags) {
    Map<String, String> headers = new HashMap<>(key);
    headers.put("Accept", "application/json");
    headers.put("traceparent", "00-" + traceId + "-" + CALLER + "-" + flags);
    Answer answer = call.send(platform.baseUrl(), headers);
    assertThat(answer.status()).as("%s: %s", call, answer.body()).isBetween(200, 201);
  }

  private Recorded recorded(String service, String kind, Predicate<Recorded> which) {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                spans.of(trace).stream()
                    .filter(span -> span.service().equals(service) && span.kind().equals(kind))
                    .filter(which)
                    .toList(),
            found -> !found.isEmpty())
        .getFirst();
  }
}
