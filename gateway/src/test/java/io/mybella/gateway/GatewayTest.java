package io.mybella.gateway;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.testing.PlatformTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole gateway on a real database, with services that answer as a test tells them to. */
@PlatformTest(database = "gateway")
public abstract class GatewayTest {

  static final WireMockServer PERSONA = service();
  static final WireMockServer MEMORY = service();
  static final WireMockServer VOICE = service();
  static final StreamingService CHAT = new StreamingService();

  /** The address of the one proxy that is trusted on this machine. */
  static final String PROXY = "127.0.0.99";

  /** A delayed answer holds one, also when nobody waits for it any more. */
  private static final int THREADS = 250;

  private static final AtomicInteger NAMES = new AtomicInteger();

  @LocalServerPort int port;
  @LocalManagementPort int managementPort;
  @Autowired JdbcClient database;
  @Autowired CircuitBreakerRegistry breakers;

  @DynamicPropertySource
  static void services(DynamicPropertyRegistry properties) {
    Map.of("persona", PERSONA, "memory", MEMORY, "voice", VOICE)
        .forEach(
            (name, server) ->
                properties.add("mybella.services.%s-url".formatted(name), server::baseUrl));
    properties.add("mybella.services.chat-url", CHAT::url);
    properties.add("mybella.gateway.route.voice.silence", () -> "500ms");
    properties.add("mybella.gateway.route.persona.body", () -> "64KB");
    properties.add("mybella.gateway.route.chat.body", () -> "16MB");
    properties.add("mybella.gateway.route.send-silence", () -> "2s");
    properties.add("mybella.gateway.route.connections-per-service", () -> "16");
    // What hundreds of sign-ins would otherwise spend their time on.
    properties.add("mybella.gateway.account.hashing-memory", () -> "1MB");
    // Of those that a proxy brings in: from this machine itself there is no limit.
    properties.add("mybella.gateway.limit.concurrent-per-address", () -> "4");
    // Tests come from here when they are a proxy, and from elsewhere when they are not.
    properties.add("mybella.gateway.proxy.trusted", () -> PROXY + ",10.1.0.0/16");
  }

  @AfterEach
  void forget() {
    for (WireMockServer server : List.of(PERSONA, MEMORY, VOICE)) {
      server.resetAll();
    }
    CHAT.reset();
    breakers.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
  }

  /** A name nobody else has. */
  static String name() {
    return "Person" + NAMES.incrementAndGet();
  }

  Browser browser() {
    return new Browser(port);
  }

  /** Who asks for health and metrics. */
  Browser operator() {
    return new Browser(managementPort);
  }

  Browser signedUp() {
    return Browser.signedUp(port, name());
  }

  private static WireMockServer service() {
    var server =
        new WireMockServer(WireMockConfiguration.options().dynamicPort().containerThreads(THREADS));
    server.start();
    return server;
  }
}
