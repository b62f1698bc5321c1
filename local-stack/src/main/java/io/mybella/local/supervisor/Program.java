package io.mybella.local.supervisor;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A part that is a program of its own: a service, or the broker. Its end of standard input tells it
 * to end; see {@code io.mybella.local.child.Guarded}.
 *
 * @param name unique within the stack
 * @param port the TCP port it listens on at 127.0.0.1
 * @param address where it is reached
 * @param log the file that its output is kept in
 * @param command the command line
 * @param environment what is added to this process's own environment
 * @param healthPath the HTTP path that answers 200 when it is healthy; {@code null}: it is healthy
 *     when its port accepts connections
 */
public record Program(
    String name,
    int port,
    String address,
    Path log,
    List<String> command,
    Map<String, String> environment,
    @Nullable String healthPath)
    implements Part {

  private static final int PROBE_MILLIS = 2_000;

  @Override
  public Run start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MYBELLA_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    BoundedLog.pump(name, process.getInputStream(), log);
    return new ProcessRun(process);
  }

  @Override
  public String toString() {
    // The environment holds passwords.
    return "Program[" + name + "]";
  }

  private final class ProcessRun implements Run {

    private final Process process;

    private ProcessRun(Process process) {
      this.process = process;
    }

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public boolean isHealthy() {
      return process.isAlive() && probe(port, healthPath);
    }

    @Override
    public CompletableFuture<String> onExit() {
      return process.onExit().thenApply(ended -> describe(ended.exitValue()));
    }

    @Override
    public void askToEnd() {
      try {
        process.getOutputStream().close();
      } catch (IOException brokenPipe) {
        // It has ended already.
      }
    }

    @Override
    public void kill() {
      process.destroyForcibly();
    }
  }

  /** Whether a part that listens on a port of 127.0.0.1 says that it is healthy. */
  public static boolean probe(int port, @Nullable String healthPath) {
    try {
      if (healthPath == null) {
        try (Socket socket = new Socket()) {
          socket.connect(
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PROBE_MILLIS);
          return true;
        }
      }
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + healthPath).toURL().openConnection();
      connection.setConnectTimeout(PROBE_MILLIS);
      connection.setReadTimeout(PROBE_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String describe(int exitCode) {
    return switch (exitCode) {
      case 137 -> "was killed (SIGKILL; the system does so when memory runs out)";
      case 143 -> "was told to end by somebody else (SIGTERM)";
      case 3 -> "ran out of memory (exit code 3): give it a larger heap";
      default -> "ended with exit code " + exitCode;
    };
  }
}
