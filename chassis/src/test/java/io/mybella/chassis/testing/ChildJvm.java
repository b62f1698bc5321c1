package io.mybella.chassis.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }
}
