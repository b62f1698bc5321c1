package io.mybella.local.parts;

import io.mybella.local.settings.Passwords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLState;

/**
 * A real PostgreSQL server on the loopback interface, as a child process of this JVM.
 *
 * <p>The server ends when this object is closed and also, on Unix, when this JVM dies in whatever
 * way. A server that was left behind in the same data directory is ended before a new one starts.
 *
 * <p>Nobody gets in without a password, not even from the same machine.
 */
public final class PostgresPart extends DatabaseServer implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(20);

  /**
   * Repetition makes guessing dear. All passwords here, the superuser's included, have 128 random
   * bits, which nobody guesses, and each new connection would pay for it.
   */
  private static final String SCRAM_ITERATIONS = "1";

  /** SQLSTATE of a server that is starting, recovering or ending. */
  private static final String CANNOT_CONNECT_NOW = "57P03";

  private final @Nullable Path temporary;
  private final Path data;
  private final Path log;
  private final Process process;

  private PostgresPart(
      Options options, @Nullable Path temporary, Path data, int port, Path log, Process process) {
    super(port, options.passwords());
    this.temporary = temporary;
    this.data = data;
    this.log = log;
    this.process = process;
  }

  /** How far a server is. */
  public enum Readiness {
    /** Nobody answers. */
    SILENT,
    /** It says that it is starting, or that it recovers from a crash. */
    STARTING,
    /** It lets in. */
    READY,
    /** It answers, but its data were made with other passwords. */
    OTHER_PASSWORDS
  }

  /**
   * What a server is started with.
   *
   * @param data where the data live; {@code null}: a temporary folder, deleted on close
   * @param port TCP port on 127.0.0.1; 0: any free one
   * @param durable whether a commit waits until it is on disk; tests do without
   * @param passwords gives the password for a role name, {@code postgres} included; the same one
   *     each time it is asked
   * @param log where the server writes its log; {@code null}: {@code server.log} beside the data
   */
  public record Options(
      @Nullable Path data,
      int port,
      boolean durable,
      UnaryOperator<String> passwords,
      @Nullable Path log) {

    /** A server for tests: temporary data, a free port, no waiting for the disk. */
    public static Options temporary() {
      Map<String, String> known = new ConcurrentHashMap<>();
      return new Options(
          null, 0, false, role -> known.computeIfAbsent(role, Options::temporaryPassword), null);
    }

    private static String temporaryPassword(String role) {
      return role.equals(SUPERUSER)
          ? PreparedData.of(PostgresBinaries.unpacked()).password()
          : Passwords.random();
    }

    /**
     * A server whose data stay.
     *
     * @param data the data directory; created when missing
     * @param port TCP port on 127.0.0.1; 0: any free one
     * @param passwords gives the same password for a role name on every start
     * @param log the file that the server's log is appended to
     */
    public static Options persistent(
        Path data, int port, UnaryOperator<String> passwords, Path log) {
      return new Options(data, port, true, passwords, log);
    }
  }

  /**
   * How to reach one database as its owner (migrations) and as the application (rows only).
   *
   * @param jdbcUrl JDBC address without user and password
   * @param ownerUser the role that owns the database
   * @param ownerPassword its password
   * @param appUser the role that may only read and write rows
   * @param appPassword its password
   */
  public record Database(
      String jdbcUrl, String ownerUser, String ownerPassword, String appUser, String appPassword) {

    /**
     * How a database will be reached, whether its server runs or not.
     *
     * @param port TCP port of the server on 127.0.0.1
     * @param name database name: a letter, then letters, digits and underscores, all lower case
     * @param rolePrefix the roles are {@code <rolePrefix>_owner} and {@code <rolePrefix>_app}
     * @param passwords gives the password of a role
     */
    public static Database of(
        int port, String name, String rolePrefix, UnaryOperator<String> passwords) {
      requireIdentifier(name);
      requireIdentifier(rolePrefix);
      String owner = rolePrefix + "_owner";
      String app = rolePrefix + "_app";
      return new Database(
          DatabaseServer.jdbcUrl(port, name),
          owner,
          passwords.apply(owner),
          app,
          passwords.apply(app));
    }

    @Override
    public String toString() {
      return "Database[" + jdbcUrl + ", " + ownerUser + ", " + appUser + "]";
    }
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @param options what to start
   * @return the running server
   * @throws IllegalStateException when it does not start; the message says why, with the end of its
   *     log
   */
  public static PostgresPart start(Options options) {
    PostgresPart part = launch(options);
    part.awaitReady();
    return part;
  }

  /**
   * Starts a server and does not wait until it answers: see {@link #readiness}.
   *
   * @param options what to start
   * @return the server, whose process runs
   * @throws IllegalStateException when its data directory cannot be used or made
   */
  public static PostgresPart launch(Options options) {
    PostgresBinaries binaries = PostgresBinaries.unpacked();
    Path given = options.data();
    Path temporary;
    Path data;
    if (given == null) {
      temporary = Folders.temporary("mybella-postgres");
      data = temporary.resolve("data");
    } else {
      temporary = null;
      data = given;
    }
    Path log = options.log() == null ? data.resolveSibling("server.log") : options.log();
    int port = FreePort.orFree(options.port());
    try {
      if (temporary != null) {
        PreparedData.of(binaries).copyTo(data);
      } else {
        prepareData(binaries, data, options);
      }
      Files.createDirectories(log.toAbsolutePath().getParent());
      Process process = launch(binaries, options, data, port, log);
      return new PostgresPart(options, temporary, data, port, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start", e);
    }
  }

  private static void prepareData(PostgresBinaries binaries, Path data, Options options)
      throws IOException {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      endLeftover(data);
      Optional<PostmasterFile> stale = PostmasterFile.of(data);
      if (stale.isPresent()) {
        stale.get().removeIfForeign();
      }
      return;
    }
    String password = options.passwords().apply(SUPERUSER);
    try {
      // An empty folder is as good as none.
      Files.deleteIfExists(data);
    } catch (DirectoryNotEmptyException e) {
      throw new IllegalStateException(
          data + " is neither empty nor a data directory of PostgreSQL; move it out of the way", e);
    }
    Folders.makeOnce(data, fresh -> initialise(binaries, fresh, password));
  }

  /** The process id of the server itself, not of its guard. */
  public long pid() {
    return postmaster(data).map(ProcessHandle::pid).orElse(process.pid());
  }

  /** Whether the server's process runs. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Completes when the server's process has ended, for whatever reason. */
  public CompletableFuture<Void> onExit() {
    return process.onExit().thenAccept(ended -> {});
  }

  /** Ends the server at once, as a power cut would: for tests of what depends on it. */
  public void kill() {
    postmaster(data).ifPresent(ProcessHandle::destroyForcibly);
    awaitEnd(STOP_LIMIT);
  }

  /** Asks the server to end as {@link #close} does, and does not wait for it. */
  public void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException brokenPipe) {
      // The server has ended already, which is what this is about.
    }
    if (PostgresBinaries.WINDOWS) {
      // There is no leash there.
      PostgresBinaries.unpacked().stopFast(data);
    }
  }

  /** Ends the server: open transactions are rolled back, all else is written out. */
  @Override
  public void close() {
    askToEnd();
    if (!awaitEnd(STOP_LIMIT)) {
      postmaster(data).ifPresent(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      awaitEnd(STOP_LIMIT);
    }
    if (temporary != null) {
      Folders.delete(temporary);
    }
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static void initialise(PostgresBinaries binaries, Path data, String superuserPassword)
      throws IOException {
    Files.createDirectories(data);
    Path passwordFile = Files.createTempFile("mybella-", ".pw");
    try {
      Files.writeString(passwordFile, superuserPassword + "\n");
      List<String> command =
          binaries.command(
              "initdb",
              "--pgdata=" + data.toAbsolutePath(),
              "--username=" + SUPERUSER,
              "--pwfile=" + passwordFile,
              "--auth=scram-sha-256",
              "--set=scram_iterations=" + SCRAM_ITERATIONS,
              "--encoding=UTF8",
              "--no-locale",
              // Whoever makes the folder writes it to the disk as a whole.
              "--no-sync");
      ProcessBuilder builder =
          new ProcessBuilder(Leash.command("KILL", command)).redirectErrorStream(true);
      ChildEnvironment.choose(builder);
      Process initdb = builder.start();
      String output = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (initdb.waitFor() != 0) {
        throw new IllegalStateException("initdb failed in " + data + ":\n" + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while PostgreSQL was set up", e);
    } finally {
      Files.deleteIfExists(passwordFile);
    }
  }

  private static Process launch(
      PostgresBinaries binaries, Options options, Path data, int port, Path log)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            binaries.command("postgres", "-D", data.toAbsolutePath().toString(), "-p", "" + port));
    Map<String, String> settings =
        Map.ofEntries(
            Map.entry("listen_addresses", HOST),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "100"),
            Map.entry("shared_buffers", options.durable() ? "64MB" : "32MB"),
            Map.entry("max_wal_size", "512MB"),
            Map.entry("fsync", options.durable() ? "on" : "off"),
            Map.entry("synchronous_commit", options.durable() ? "on" : "off"),
            Map.entry("full_page_writes", options.durable() ? "on" : "off"),
            Map.entry("scram_iterations", SCRAM_ITERATIONS),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_min_messages", "warning"),
            Map.entry("log_line_prefix", "%m [%p] %u@%d "),
            // One process less per server; nothing here compiles long queries.
            Map.entry("jit", "off"));
    settings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            setting -> {
              command.add("-c");
              command.add(setting.getKey() + "=" + setting.getValue());
            });
    // INT is PostgreSQL's word for a fast end: open transactions are rolled back.
    ProcessBuilder builder =
        new ProcessBuilder(Leash.command("INT", command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    ChildEnvironment.choose(builder);
    return builder.start();
  }

  /**
   * How far it is now. A whole connection is made: a port says little about who hangs behind it.
   */
  public Readiness readiness(Duration limit) {
    if (!process.isAlive()) {
      return Readiness.SILENT;
    }
    Properties properties = new Properties();
    String seconds = "" + Math.max(1, limit.toSeconds());
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("socketTimeout", seconds);
    properties.setProperty("sslmode", "disable");
    try (Connection ready = answers() ? connect("postgres", properties) : null) {
      return ready == null ? Readiness.SILENT : Readiness.READY;
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (PSQLState.INVALID_PASSWORD.getState().equals(state)) {
        return Readiness.OTHER_PASSWORDS;
      }
      if (CANNOT_CONNECT_NOW.equals(state)) {
        return Readiness.STARTING;
      }
      // All else that the server says itself, such as that it is full, comes from one that works.
      return state == null || PSQLState.isConnectionError(state)
          ? Readiness.SILENT
          : Readiness.READY;
    }
  }

  /** Why this server cannot be used, for people. */
  public String otherPasswords() {
    return "The data in " + data + " were made with other passwords than the ones in use now";
  }

  private void awaitReady() {
    switch (awaitReady(START_LIMIT)) {
      case READY -> {}
      case OTHER_PASSWORDS -> {
        close();
        throw new IllegalStateException(otherPasswords());
      }
      case SILENT, STARTING -> {
        String what = process.isAlive() ? "did not answer" : "did not start";
        close();
        throw new IllegalStateException("PostgreSQL " + what + ":\n" + tail());
      }
    }
  }

  /**
   * Waits until it is ready, or cannot become so. While it says that it is on its way, as after a
   * crash with much to recover, the time does not count.
   *
   * @param limit how long it may be silent
   * @return how far it is then
   */
  public Readiness awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    Readiness readiness = readiness(PROBE_LIMIT);
    while (readiness == Readiness.STARTING
        || (readiness == Readiness.SILENT && process.isAlive() && System.nanoTime() < deadline)) {
      if (readiness == Readiness.STARTING) {
        deadline = System.nanoTime() + limit.toNanos();
      }
      if (awaitEnd(POLL)) {
        return Readiness.SILENT;
      }
      readiness = readiness(PROBE_LIMIT);
    }
    return readiness;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(HOST), port()), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String tail() {
    List<String> lines;
    try {
      lines = Files.readAllLines(log);
    } catch (IOException e) {
      return log + " cannot be read: " + e.getMessage();
    }
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }

  /**
   * Ends the server that a killed JVM left running in a data directory, if there is one.
   *
   * @param data the data directory; it need not exist
   * @throws IllegalStateException when the server cannot be ended
   */
  public static void endLeftover(Path data) {
    postmaster(data)
        .ifPresent(
            leftover -> {
              // Fast: a smart end would wait for clients that may never leave.
              PostgresBinaries.unpacked().stopFast(data);
              if (!ended(leftover, STOP_LIMIT)) {
                leftover.destroyForcibly();
                if (!ended(leftover, STOP_LIMIT)) {
                  throw new IllegalStateException(
                      "A PostgreSQL server (process "
                          + leftover.pid()
                          + ") still runs in "
                          + data
                          + " and cannot be ended");
                }
              }
            });
  }

  private static boolean ended(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  /** The living server of a data directory. */
  private static Optional<ProcessHandle> postmaster(Path data) {
    return PostmasterFile.of(data).flatMap(PostmasterFile::server);
  }
}
