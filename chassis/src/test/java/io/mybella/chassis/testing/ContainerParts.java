package io.mybella.chassis.testing;

import io.mybella.local.parts.DatabaseServer;
import io.mybella.local.settings.Passwords;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The parts as the published images of docker-compose.yml, which need Docker: with {@code
 * -Dtests.database=container}.
 */
final class ContainerParts {

  private static final String SUPERUSER = "postgres";

  private ContainerParts() {}

  /** Starts a database server, which ends with this JVM. */
  @SuppressWarnings("resource") // Closed at the end of the JVM.
  static DatabaseServer postgres() {
    String password = Passwords.random();
    var container =
        PlatformParts.untilTheEnd(
            new PostgreSQLContainer(DockerImageName.parse("postgres:18"))
                .withUsername(SUPERUSER)
                .withPassword(password)
                // No power cut needs to be survived, and all passwords are random.
                .withCommand(
                    "postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
                        + " -c scram_iterations=1 -c timezone=UTC"));
    container.start();
    Map<String, String> known = new ConcurrentHashMap<>(Map.of(SUPERUSER, password));
    return new DatabaseServer(
        container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        role -> known.computeIfAbsent(role, _ -> Passwords.random()));
  }

  /** Starts a broker, which ends with this JVM; {@code host:port}. */
  @SuppressWarnings("resource") // Closed at the end of the JVM.
  static String kafka() {
    var container =
        PlatformParts.untilTheEnd(
            new KafkaContainer(DockerImageName.parse("apache/kafka:4.2.0"))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1"));
    container.start();
    return container.getBootstrapServers();
  }
}
