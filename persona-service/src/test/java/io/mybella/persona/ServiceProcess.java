package io.mybella.persona;

import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.ChildJvm;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.supervisor.Program;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The service as a process of its own, which signals can be sent to. */
final class ServiceProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final String HEALTH = "/actuator/health/readiness";

  private final Process process;
  private final int port;

  private ServiceProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param folder for its log and its pictures
   * @param more arguments
   */
  static ServiceProcess start(
      PostgresPart.Database database, String kafka, Path folder, String... more)
      throws IOException {
    return start(List.of("-Xmx256m"), database, kafka, folder, more);
  }

  /**
   * The same with options for the JVM.
   *
   * @param options such as the largest heap
   */
  static ServiceProcess start(
      List<String> options,
      PostgresPart.Database database,
      String kafka,
      Path folder,
      String... more)
      throws IOException {
    int port = FreePort.find();
    int managementPort = FreePort.find();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.appUser(),
                "--spring.datasource.password=" + database.appPassword(),
                "--spring.flyway.user=" + database.ownerUser(),
                "--spring.flyway.password=" + database.ownerPassword(),
                "--spring.kafka.bootstrap-servers=" + kafka,
                "--mybella.security.jwks-uri=" + TestTokens.jwksUri(),
                "--mybella.blobs.folder=" + folder));
    arguments.addAll(List.of(more));
    List<String> command = ChildJvm.command(PersonaServiceApplication.class, options, arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("service.log").toFile())
            .start();
    var service = new ServiceProcess(process, port);
    await()
        .atMost(START_LIMIT)
        .until(() -> !service.runs() || Program.probe(managementPort, HEALTH));
    if (!service.runs()) {
      throw new AssertionError("The service ended by itself: see its log in " + folder);
    }
    return service;
  }

  int port() {
    return port;
  }

  boolean runs() {
    return process.isAlive();
  }

  /** Sends SIGTERM and does not wait. */
  void tellToEnd() {
    process.destroy();
  }

  /** Whether nobody gets in any more. */
  boolean refusesConnections() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (ConnectException refused) {
      return true;
    }
  }

  /** Waits for the end; the exit code. */
  int awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("The service still runs after " + limit);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
