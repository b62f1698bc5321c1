package io.mybella.memory;

import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.ChildJvm;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.supervisor.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The service as a process of its own, with the heap that it has in production and the same end
 * when that does not suffice.
 */
public final class MemoryProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final String HEALTH = "/actuator/health/readiness";

  private final Process process;
  private final int port;
  private final PostgresPart.Database database;

  private MemoryProcess(Process process, int port, PostgresPart.Database database) {
    this.process = process;
    this.port = port;
    this.database = database;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param folder for its log
   */
  public static MemoryProcess start(Path folder) throws IOException {
    int port = FreePort.find();
    int managementPort = FreePort.find();
    PostgresPart.Database database = PlatformParts.freshDatabase("memory");
    List<String> command =
        ChildJvm.command(
            MemoryServiceApplication.class,
            List.of("-Xmx192m", "-Xss512k", "-XX:+ExitOnOutOfMemoryError"),
            List.of(
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.appUser(),
                "--spring.datasource.password=" + database.appPassword(),
                "--spring.flyway.user=" + database.ownerUser(),
                "--spring.flyway.password=" + database.ownerPassword(),
                "--spring.kafka.bootstrap-servers=" + PlatformParts.kafka().bootstrapServers(),
                "--mybella.security.jwks-uri=" + TestTokens.jwksUri(),
                "--mybella.services.persona-url=http://127.0.0.1:" + FreePort.find(),
                "--mybella.blobs.folder=" + folder));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("service.log").toFile())
            .start();
    var service = new MemoryProcess(process, port, database);
    await()
        .atMost(START_LIMIT)
        .until(() -> !service.runs() || Program.probe(managementPort, HEALTH));
    if (!service.runs()) {
      throw new AssertionError("The service ended by itself: see its log in " + folder);
    }
    return service;
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Whether it has not ended. */
  public boolean runs() {
    return process.isAlive();
  }

  /** Changes its database past every policy. */
  public void fill(String... statements) throws SQLException {
    String url = database.jdbcUrl();
    String name = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    try (Connection connection = PlatformParts.postgres().superuser(name)) {
      JdbcClient db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      for (String each : statements) {
        db.sql(each).update();
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
