package io.mybella.chassis.testing;

import static java.util.stream.Collectors.toSet;
import static org.awaitility.Awaitility.await;

import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.supervisor.Program;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A service as a process of its own: with the heap that it has in production and the same end when
 * that does not suffice, and with signals that can be sent to it.
 */
public final class ServiceProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final String HEALTH = "/actuator/health/readiness";

  private final Process process;
  private final int port;
  private final Path log;

  private ServiceProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param main the service's main class
   * @param heap its largest heap, such as {@code 192m}
   * @param database of its own
   * @param kafka where its broker listens
   * @param folder for its log and its files
   * @param more arguments, also in the place of those that it has by itself
   */
  public static ServiceProcess start(
      Class<?> main,
      String heap,
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
    Set<String> named = Arrays.stream(more).map(ServiceProcess::name).collect(toSet());
    arguments.removeIf(argument -> named.contains(name(argument)));
    arguments.addAll(List.of(more));
    Path log = folder.resolve("service.log");
    Process process =
        ChildJvm.start(
            main,
            List.of(
                "-Xms48m",
                "-Xmx" + heap,
                "-Xss512k",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true"),
            arguments,
            log);
    var service = new ServiceProcess(process, port, log);
    await()
        .atMost(START_LIMIT)
        .until(() -> !service.runs() || Program.probe(managementPort, HEALTH));
    if (!service.runs()) {
      throw new AssertionError("The service ended by itself: " + service.log());
    }
    return service;
  }

  private static String name(String argument) {
    return argument.substring(0, argument.indexOf('='));
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Whether it has not ended. */
  public boolean runs() {
    return process.isAlive();
  }

  /** What it has said. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Sends SIGTERM and does not wait. */
  public void tellToEnd() {
    process.destroy();
  }

  /** Whether nobody gets in any more. */
  public boolean refusesConnections() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (ConnectException refused) {
      return true;
    }
  }

  /** Waits for the end; the exit code. */
  public int awaitEnd(Duration limit) throws InterruptedException {
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
