package io.mybella.local.testing;

import io.mybella.local.LocalPlatform;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A folder with a program for Node, its packages in place. */
public final class NodeProject {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final boolean WINDOWS = File.separatorChar == '\\';
  private static final String NPM = WINDOWS ? "npm.cmd" : "npm";
  private static final long LIMIT_SECONDS = 120;

  /** What npm says when it cannot reach its registry; everything else is a fault of ours. */
  private static final List<String> UNREACHABLE =
      List.of("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH");

  private final Path folder;

  private NodeProject(Path folder) {
    this.folder = folder;
  }

  /**
   * Installs what a project names in its lock file. Where there is no Node, or no way to npm's
   * registry, the test is skipped and says so, or fails where {@code MYBELLA_REQUIRE_NODE} is
   * {@code true}.
   *
   * @param path of its folder within this project
   */
  public static NodeProject install(String path) {
    return install(path, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  }

  /**
   * Likewise, for a project that says itself how its packages are installed.
   *
   * @param path of its folder within this project
   * @param arguments of npm
   */
  public static NodeProject install(String path, String... arguments) {
    Path folder = LocalPlatform.projectRoot().resolve(path);
    for (String program : List.of("node", "npm")) {
      if (!onPath(program)) {
        throw missing(path, "there is no " + program + " on the PATH");
      }
    }
    var project = new NodeProject(folder);
    try {
      Path output = Files.createTempFile("npm", ".log");
      List<String> command = new ArrayList<>(List.of(NPM));
      command.addAll(List.of(arguments));
      Process npm =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code = project.awaitEnd(npm);
      String said = Files.readString(output);
      Files.delete(output);
      if (code != 0 && UNREACHABLE.stream().anyMatch(said::contains)) {
        throw missing(path, "npm does not reach its registry:\n" + said);
      }
      if (code != 0) {
        throw new AssertionError(String.join(" ", command) + " failed:\n" + said);
      }
      return project;
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /**
   * Runs its own tests with Node's test runner.
   *
   * @param environment what they get besides this process's own
   */
  public Run test(Map<String, String> environment) throws IOException {
    return start(environment, List.of("--test"));
  }

  /**
   * Starts Node in its folder.
   *
   * @param environment what it gets besides this process's own
   * @param arguments a file and its arguments, or options
   */
  public Run start(Map<String, String> environment, List<String> arguments) throws IOException {
    return run(environment, "node", arguments);
  }

  /** Runs a script that its {@code package.json} names. */
  public Run script(String name) throws IOException {
    return run(Map.of(), NPM, List.of("run", "--silent", name));
  }

  private Run run(Map<String, String> environment, String program, List<String> arguments)
      throws IOException {
    Path output = Files.createTempFile("node", ".out");
    Path log = Files.createTempFile("node", ".log");
    output.toFile().deleteOnExit();
    log.toFile().deleteOnExit();
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(log.toFile());
    builder.environment().putAll(environment);
    return new Run(builder.start(), output, log);
  }

  private int awaitEnd(Process process) {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(process.info() + " does not end");
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static boolean onPath(String program) {
    String file = WINDOWS ? program.equals("npm") ? NPM : program + ".exe" : program;
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, file)));
  }

  private static TestAbortedException missing(String path, String reason) {
    return Requirement.NODE.missing(path + " is not tested, " + reason);
  }

  /** A running or ended program. */
  public final class Run implements AutoCloseable {

    private final Process process;
    private final Path output;
    private final Path log;

    private Run(Process process, Path output, Path log) {
      this.process = process;
      this.output = output;
      this.log = log;
    }

    /** Asks it to end, as a service manager does. */
    public Run stop() {
      process.destroy();
      return this;
    }

    /** Waits for its end; the exit code. */
    public int exitCode() {
      return awaitEnd(process);
    }

    /** What it printed, once it has ended in good order. */
    public JsonNode printed() throws IOException {
      if (exitCode() != 0) {
        throw new AssertionError("It ended with " + process.exitValue() + ":\n" + log());
      }
      return JSON.readTree(Files.readString(output));
    }

    /** Its log so far. */
    public String log() throws IOException {
      return Files.readString(log);
    }

    /** What it printed so far, whatever it is. */
    public String text() throws IOException {
      return Files.readString(output);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
