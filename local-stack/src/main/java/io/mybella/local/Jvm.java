package io.mybella.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the JVMs of the parts are started. */
final class Jvm {

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private Jvm() {}

  static String java() {
    return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
  }

  /**
   * Options that keep a JVM small: a collector without threads of its own, small stacks and object
   * headers; and a heap that gives memory back.
   */
  static List<String> smallJvm(String heap) {
    return List.of(
        // Starting small: the JVM's own choice would be the whole heap at once, and it stays taken.
        "-Xms48m",
        "-Xmx" + heap,
        "-Xss512k",
        "-XX:+UseSerialGC",
        "-XX:MinHeapFreeRatio=15",
        "-XX:MaxHeapFreeRatio=30",
        // The classes of a service fill about this much; on the way there a full collection each at
        // 21, 35 and 58 MiB would be in vain.
        "-XX:MetaspaceSize=112m",
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

  static String classPath(List<Path> jars) {
    return jars.stream()
        .map(jar -> jar.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Splits options as they stand in a setting. */
  static List<String> split(String options) {
    return SPACES.splitAsStream(options).filter(word -> !word.isEmpty()).toList();
  }
}
