package io.mybella.chassis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A program of a test's own class path in a JVM of its own, quick to start. */
public final class ChildJvm {

  private ChildJvm() {}

  /**
   * The command line.
   *
   * @param main the program's main class
   * @param options for the JVM
   * @param arguments for the program
   */
  public static List<String> command(Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            // Full collections for classes and compiled code would be in vain.
            "-XX:MetaspaceSize=112m",
            "-XX:ReservedCodeCacheSize=240m"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /**
   * Starts it.
   *
   * @param log gets all that it says
   */
  static Process start(Class<?> main, List<String> options, List<String> arguments, Path log)
      throws IOException {
    return new ProcessBuilder(command(main, options, arguments))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /**
   * Runs a program that ends by itself, and insists that it ends in time, well or not.
   *
   * @param folder for a file of what it says
   * @return what it said, and its exit code
   */
  public static String outcome(ProcessBuilder program, Path folder, Duration limit)
      throws IOException, InterruptedException {
    Path output = folder.resolve(UUID.randomUUID() + ".txt");
    Process process = program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output) + "exit code " + process.exitValue();
  }

  /**
   * Runs a program that ends by itself, and insists that it ends well and in time.
   *
   * @param log gets all that it says
   */
  public static void run(
      Class<?> main, List<String> options, List<String> arguments, Path log, Duration limit)
      throws IOException, InterruptedException {
    Process process = start(main, options, arguments, log);
    try {
      assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
