package io.mybella.local.supervisor;

import io.mybella.local.parts.ChildEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param environment what it gets besides {@link ChildEnvironment}
 * @param probe how it is asked for its health
 * @param needs the parts that it cannot do without when it starts
 * @param before what is done before each start
 */
public record Program(
    String name,
    int port,
    String address,
    Path log,
    List<String> command,
    Map<String, String> environment,
    Probe probe,
    Set<String> needs,
    Runnable before)
    implements Part {

  /** A program that needs nothing and nobody. */
  public Program(
      String name,
      int port,
      String address,
      Path log,
      List<String> command,
      Map<String, String> environment,
      Probe probe) {
    this(name, port, address, log, command, environment, probe, Set.of(), () -> {});
  }

  @Override
  public String healthAddress() {
    return probe.address();
  }

  @Override
  public Run start() throws IOException {
    before.run();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    ChildEnvironment.choose(builder);
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
      return process.isAlive() && probe.isHealthy();
    }

    @Override
    public boolean answers(Duration limit) {
      return process.isAlive() && probe.answers(limit);
    }

    @Override
    public CompletableFuture<String> onExit() {
      return process.onExit().thenApply(ended -> describe(ended.exitValue()));
    }

    @Override
    public void askToTidy() {
      try {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
      } catch (IOException brokenPipe) {
        // It has ended already.
      }
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

  /**
   * Whether something on 127.0.0.1 says that it is healthy.
   *
   * @param port its TCP port
   * @param healthPath the HTTP path that answers 200; {@code null}: its port accepts connections
   */
  public static boolean probe(int port, @Nullable String healthPath) {
    return healthPath == null
        ? Probe.accepts(port)
        : Probe.says200("http://127.0.0.1:" + port + healthPath, Probe.PATIENCE);
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
