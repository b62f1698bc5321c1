package io.mybella.gateway;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Many sign-ins at once. Each test comes from an address of its own. */
class FloodIT extends GatewayTest {

  /** Far more than an address may fail within the window, however slowly they are answered. */
  private static final int ATTEMPTS = 150;

  private static final int FAILURES_PER_ADDRESS = 100;
  private static final String POOL = "password-hashing";

  @Autowired MeterRegistry metrics;

  @Test
  void aFloodIsRefusedWhileEverybodyElseIsServed() throws Exception {
    Browser somebody = signedUp();
    PERSONA.stubFor(get("/api/personas/available").willReturn(okJson("[]")));
    double before = hashesMade();

    List<HttpResponse<String>> answers = new ArrayList<>();
    int served = 0;
    try (HttpClient attacker = from("127.0.0.11");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> flood = new ArrayList<>();
      for (int i = 0; i < ATTEMPTS; i++) {
        String email = "victim%d@example.org".formatted(i);
        String claimed = "203.0.113." + i;
        flood.add(
            threads.submit(() -> attacker.send(login(email, claimed), BodyHandlers.ofString())));
      }
      while (!flood.stream().allMatch(Future::isDone)) {
        assertThat(somebody.get("/api/personas/available").statusCode()).isEqualTo(200);
        served++;
      }
      for (Future<HttpResponse<String>> each : flood) {
        answers.add(each.get(30, TimeUnit.SECONDS));
      }
    }

    assertThat(served).isPositive();
    assertThat(answers)
        .allMatch(answer -> answer.statusCode() == 401 || answer.statusCode() == 429);
    var refused = answers.stream().filter(answer -> answer.statusCode() == 429).toList();
    assertThat(refused)
        // The allowance grows back meanwhile, one in nine seconds.
        .hasSizeGreaterThan((ATTEMPTS - FAILURES_PER_ADDRESS) / 2)
        .allSatisfy(
            answer ->
                assertThat(answer.headers().firstValue("Retry-After").map(Integer::parseInt))
                    .hasValueSatisfying(seconds -> assertThat(seconds).isPositive()));
    // What was refused cost no hash.
    assertThat(hashesMade() - before).isEqualTo(ATTEMPTS - refused.size());
  }

  @Test
  void aKnownAndAnUnknownAddressAreTheSameWork() throws Exception {
    String name = name();
    Browser.signedUp(port, name);
    try (HttpClient caller = from("127.0.0.12")) {
      for (String email : List.of(Browser.emailOf(name), "nobody@example.org")) {
        double before = hashesMade();
        assertThat(caller.send(login(email, "192.0.2.1"), BodyHandlers.ofString()).statusCode())
            .isEqualTo(401);
        assertThat(hashesMade() - before).as(email).isEqualTo(1);
      }
    }
  }

  /** Hashes computed so far: the pool of threads does nothing else, and is at rest when asked. */
  private double hashesMade() {
    // A thread counts its work only after the answer to it may be on its way.
    await().until(() -> gauge("executor.active") == 0 && gauge("executor.queued") == 0);
    return metrics.get("executor.completed").tag("name", POOL).functionCounter().count();
  }

  private double gauge(String name) {
    return metrics.get(name).tag("name", POOL).gauge().value();
  }

  private static HttpClient from(String address) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .localAddress(InetAddress.ofLiteral(address))
        .build();
  }

  /** Claims to come from elsewhere, which nobody has configured anyone to believe. */
  private HttpRequest login(String email, String claimedAddress) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/auth/login"))
        .header("Content-Type", "application/json")
        .header("Cookie", "XSRF-TOKEN=token")
        .header("X-XSRF-TOKEN", "token")
        .header("X-Forwarded-For", claimedAddress)
        .header("Forwarded", "for=" + claimedAddress)
        .POST(
            BodyPublishers.ofString(
                Browser.json(Map.of("email", email, "password", "not this one"))))
        .build();
  }
}
