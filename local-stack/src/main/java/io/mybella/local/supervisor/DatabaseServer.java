package io.mybella.local.supervisor;

import io.mybella.local.parts.PostgresPart;
import io.mybella.local.parts.PostgresPart.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as a part of the stack. */
public final class DatabaseServer implements Part {

  private final Path data;
  private final int port;
  private final UnaryOperator<String> passwords;
  private final Path log;
  private final Set<String> prepared = ConcurrentHashMap.newKeySet();
  private volatile @Nullable PostgresPart server;

  /**
   * A server that is not started yet.
   *
   * @param data the data directory
   * @param port TCP port on 127.0.0.1
   * @param passwords gives the password of a role
   * @param log the file for the server's log
   */
  public DatabaseServer(Path data, int port, UnaryOperator<String> passwords, Path log) {
    this.data = data;
    this.port = port;
    this.passwords = passwords;
    this.log = log;
  }

  /** How to reach a database; it need not run or exist yet. */
  public PostgresPart.Database database(String name) {
    return PostgresPart.Database.of(port, name, name, passwords);
  }

  /**
   * Makes sure that a database exists, with its roles. The server must run.
   *
   * @throws IllegalStateException when it cannot be made
   */
  public void prepare(String name) {
    if (prepared.add(name)) {
      try {
        server().database(name);
      } catch (RuntimeException e) {
        prepared.remove(name);
        throw e;
      }
    }
  }

  /** The server of the present run. */
  public PostgresPart server() {
    return Objects.requireNonNull(server, "PostgreSQL was not started");
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public Path log() {
    return log;
  }

  @Override
  public Run start() throws IOException {
    BoundedLog.rotateWhenFull(log);
    PostgresPart started =
        PostgresPart.launch(PostgresPart.Options.persistent(data, port, passwords, log));
    server = started;
    return new ServerRun(started);
  }

  private static final class ServerRun implements Run {

    private final PostgresPart part;
    private volatile Readiness last = Readiness.SILENT;

    private ServerRun(PostgresPart part) {
      this.part = part;
    }

    @Override
    public long pid() {
      return part.pid();
    }

    @Override
    public boolean isHealthy() {
      if (last != Readiness.OTHER_PASSWORDS) {
        last = part.readiness(Probe.PATIENCE);
        if (last == Readiness.OTHER_PASSWORDS) {
          part.askToEnd();
        }
      }
      return last == Readiness.READY;
    }

    @Override
    public boolean answers(Duration limit) {
      return part.readiness(limit) != Readiness.SILENT;
    }

    @Override
    public boolean asksForTime() {
      return last == Readiness.STARTING;
    }

    @Override
    public CompletableFuture<String> onExit() {
      return part.onExit()
          .thenApply(
              ended ->
                  last == Readiness.OTHER_PASSWORDS
                      ? "cannot be started: " + part.otherPasswords()
                      : "ended");
    }

    @Override
    public void askToEnd() {
      part.askToEnd();
    }

    @Override
    public void kill() {
      part.kill();
    }
  }
}
