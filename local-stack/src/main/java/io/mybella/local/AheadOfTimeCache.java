package io.mybella.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JDK's ahead-of-time cache of one service (JEP 483, 514 and 515): its classes loaded and
 * linked, with profiles of its start. It is made by starting the service once up to the point where
 * it would open its doors, and holds for this very build and this very JDK.
 *
 * @param folder where caches are kept
 * @param service the service's name
 * @param jar its unpacked jar
 */
record AheadOfTimeCache(Path folder, String service, ServiceJar jar) {

  private static final String SUFFIX = ".aot";

  boolean exists() {
    return Files.exists(file());
  }

  /**
   * The options that let a JVM use it. A cache that does not fit is passed over in silence.
   *
   * <p>Mapped where it was made for, none of its pages has to be patched: the start takes a fifth
   * less processor time, and pages that nobody needs stay on the disk.
   */
  List<String> use() {
    return List.of(
        "-XX:AOTCache=" + file(),
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:ArchiveRelocationMode=0",
        "-Xlog:aot=off",
        "-Xlog:aot+codecache+stubs=off",
        "-Xlog:cds=off");
  }

  /**
   * Starts to make it, with the least claim on the processor.
   *
   * @param options the options that the service runs with
   * @param environment its environment
   * @param log the file for its output
   * @return the process to give to {@link #keep}
   */
  Process make(List<String> options, Map<String, String> environment, Path log) throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    Path nice = Path.of("/usr/bin/nice");
    if (Files.isExecutable(nice)) {
      command.addAll(List.of(nice.toString(), "-n", "19"));
    }
    List<String> arguments = new ArrayList<>(options);
    arguments.add("-XX:AOTCacheOutput=" + unfinished());
    arguments.add("-Xlog:aot=error");
    arguments.add("-Xlog:cds=error");
    // Spring ends the program when everything is wired, before ports and consumers are opened.
    arguments.add("-Dspring.context.exit=onRefresh");
    arguments.addAll(List.of("-cp", Jvm.classPath(jar.classPath()), jar.mainClass()));
    command.addAll(Jvm.command(folder.resolve(service + ".args"), arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("MYBELLA_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Waits for the process, keeps what it made, and deletes the caches of earlier builds. */
  void keep(Process process) throws IOException, InterruptedException {
    int code = process.waitFor();
    if (code != 0 || !Files.exists(unfinished())) {
      Files.deleteIfExists(unfinished());
      return;
    }
    try (DirectoryStream<Path> earlier =
        Files.newDirectoryStream(folder, service + "-*" + SUFFIX)) {
      for (Path cache : earlier) {
        Files.delete(cache);
      }
    }
    Files.move(unfinished(), file(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file() {
    String jdk = Integer.toHexString(System.getProperty("java.vm.version", "").hashCode());
    return folder.resolve(service + "-" + jar.key() + "-" + jdk + SUFFIX);
  }

  private Path unfinished() {
    return folder.resolve(service + ".new");
  }
}
