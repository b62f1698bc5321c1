package io.mybella.gateway;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.PostgresPart;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** A gateway beside the one that the tests share. */
record AnotherGateway(ConfigurableApplicationContext context) implements AutoCloseable {

  /** One more on the database and the broker and with the services of the first. */
  static AnotherGateway replicaOf(Environment first) {
    return replicaOf(first, Map.of());
  }

  /** The same, with more settings. */
  static AnotherGateway replicaOf(Environment first, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    for (String name :
        new String[] {
          "spring.datasource.url",
          "spring.datasource.username",
          "spring.datasource.password",
          "spring.flyway.user",
          "spring.flyway.password",
          "spring.kafka.bootstrap-servers",
          "mybella.services.persona-url",
          "mybella.services.memory-url",
          "mybella.services.voice-url",
          "mybella.services.chat-url"
        }) {
      settings.put(name, first.getRequiredProperty(name));
    }
    return start(settings);
  }

  /** One with a database of its own and a broker that nobody else needs. */
  static AnotherGateway with(String broker) {
    return on(PlatformParts.freshDatabase("gateway"), broker);
  }

  /** One with its own database and broker. */
  static AnotherGateway on(PostgresPart.Database database, String broker) {
    return start(
        Map.of(
            "spring.datasource.url", database.jdbcUrl(),
            "spring.datasource.username", database.appUser(),
            "spring.datasource.password", database.appPassword(),
            "spring.flyway.user", database.ownerUser(),
            "spring.flyway.password", database.ownerPassword(),
            "spring.kafka.bootstrap-servers", broker));
  }

  private static AnotherGateway start(Map<String, String> settings) {
    var builder = new SpringApplicationBuilder(GatewayApplication.class);
    var all = new HashMap<>(settings);
    all.put("server.port", "0");
    return new AnotherGateway(
        builder.run(
            all.entrySet().stream()
                .map(each -> "--%s=%s".formatted(each.getKey(), each.getValue()))
                .toArray(String[]::new)));
  }

  int port() {
    return ((WebServerApplicationContext) context).getWebServer().getPort();
  }

  /** Where its health and metrics are. */
  int managementPort() {
    return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
