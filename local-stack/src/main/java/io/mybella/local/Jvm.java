package io.mybella.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How the JVMs of the parts are started. */
final class Jvm {

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private Jvm() {}

  static String java() {
    return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
  }

  /**
   * Options that keep a JVM small: a collector without threads of its own, small stacks and object
   * headers; and a heap that gives memory back, all at once, after each full collection.
   *
   * @param heap the largest heap, such as {@code 192m}
   * @param quick whether to do without the second compiler, which takes half the processor time of
   *     a start and pays it back only after minutes of load
   */
  static List<String> options(String heap, boolean quick) {
    return List.of(
        quick ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
        // Starting small: the JVM's own choice would be the whole heap at once, and it stays taken.
        "-Xms48m",
        "-Xmx" + heap,
        "-Xss512k",
        "-XX:+UseSerialGC",
        "-XX:MinHeapFreeRatio=10",
        "-XX:MaxHeapFreeRatio=20",
        "-XX:-ShrinkHeapInSteps",
        // The classes of a service fill about this much; on the way there a full collection each at
        // 21, 35 and 58 MiB would be in vain.
        "-XX:MetaspaceSize=112m",
        // Compiled code that fills a seventh of its room is no reason for a full collection either.
        "-XX:SweeperThreshold=60",
        // What the compilers borrowed during the start goes back to the system.
        "-XX:TrimNativeHeapInterval=10000",
        "-XX:+UseCompactObjectHeaders",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");
  }

  /**
   * The command line, with all options in a file: class paths are longer than a command line may be
   * on some systems.
   */
  static List<String> command(Path argumentFile, List<String> arguments) throws IOException {
    Files.write(
        argumentFile,
        arguments.stream()
            .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .toList());
    return List.of(java(), "@" + argumentFile);
  }

  /** The same command with the least claim on the processor, where the system has a word for it. */
  static List<String> nice(List<String> command) {
    Path nice = Path.of("/usr/bin/nice");
    if (!Files.isExecutable(nice)) {
      return command;
    }
    List<String> patient = new ArrayList<>(List.of(nice.toString(), "-n", "19"));
    patient.addAll(command);
    return patient;
  }

  /** Splits options as they stand in a setting. */
  static List<String> split(String options) {
    return SPACES.splitAsStream(options).filter(word -> !word.isEmpty()).toList();
  }
}
