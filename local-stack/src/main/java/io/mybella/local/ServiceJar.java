package io.mybella.local;

import io.mybella.local.child.Guarded;
import io.mybella.local.parts.ChildEnvironment;
import io.mybella.local.parts.Folders;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * A service's executable jar, extracted by Spring Boot's own tools into a plain jar with its
 * libraries beside it: it starts faster than jars within a jar, and only it can be served from a
 * start cache.
 *
 * @param mainClass the application's main class
 * @param jar the application's jar; its manifest names the libraries
 * @param guard the jar of {@link Guarded}
 */
record ServiceJar(String mainClass, Path jar, Path guard) {

  /** The present build, and the one before it: a platform may still run from that. */
  private static final int BUILDS_KEPT = 2;

  /**
   * Extracts a jar, unless that was done before. Another build gets another folder, so that what
   * runs keeps its files.
   *
   * @param executable what the build made
   * @param target a folder for the extracted jars of all services
   * @throws IOException when it is no executable jar of Spring Boot
   */
  static ServiceJar extract(Path executable, Path target) throws IOException {
    Files.createDirectories(target);
    String name = String.valueOf(executable.getFileName());
    String module = name.replaceFirst("\\.jar$", "");
    try (JarFile file = new JarFile(executable.toFile())) {
      String mainClass = file.getManifest().getMainAttributes().getValue("Start-Class");
      if (mainClass == null) {
        throw new IOException(executable + " is not an executable jar of Spring Boot");
      }
      Path folder = target.resolve(module + "-" + key(file));
      Path guard = guard(target);
      if (!Files.isDirectory(folder)) {
        Folders.makeOnce(folder, fresh -> run(executable, fresh));
        removeOldBuilds(target, module);
      }
      return new ServiceJar(mainClass, folder.resolve(name), guard);
    }
  }

  /** What stands on the class path. */
  String classPath() {
    return jar + File.pathSeparator + guard;
  }

  /** Everything that the program is made of. */
  List<Path> files() throws IOException {
    try (Stream<Path> libraries = Files.list(jar.resolveSibling("lib"))) {
      return Stream.concat(Stream.of(jar, guard), libraries.sorted()).toList();
    }
  }

  private static void run(Path executable, Path destination) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Jvm.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djarmode=tools",
                "-jar",
                executable.toString(),
                "extract",
                "--destination",
                destination.toString())
            .redirectErrorStream(true);
    ChildEnvironment.choose(builder);
    Process tools = builder.start();
    tools.getOutputStream().close();
    String output =
        new String(tools.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (exitCode(tools) != 0 || !Files.exists(destination.resolve(executable.getFileName()))) {
      throw new IOException(executable + " cannot be extracted: " + output);
    }
    Files.createDirectories(destination.resolve("lib"));
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a jar was extracted", e);
    }
  }

  /** Deletes the folders of a module but the newest two. */
  static void removeOldBuilds(Path target, String module) throws IOException {
    try (Stream<Path> folders = Files.list(target)) {
      folders
          .filter(folder -> ("" + folder.getFileName()).matches(module + "-[0-9a-f]{8}"))
          .sorted(
              Comparator.comparingLong((Path folder) -> folder.toFile().lastModified()).reversed())
          .skip(BUILDS_KEPT)
          .forEach(Folders::delete);
    }
  }

  /** The class that every part is started through, in a jar of its own that hardly ever changes. */
  static Path guard(Path target) throws IOException {
    String entry = Guarded.class.getName().replace('.', '/') + ".class";
    byte[] code;
    try (InputStream in = Guarded.class.getClassLoader().getResourceAsStream(entry)) {
      if (in == null) {
        throw new IOException(entry + " is not on the class path");
      }
      code = in.readAllBytes();
    }
    CRC32 crc = new CRC32();
    crc.update(code);
    Path jar = target.resolve("guard-%08x.jar".formatted(crc.getValue()));
    if (!Files.exists(jar)) {
      Path fresh = Files.createTempFile(target, "guard-", ".new");
      try (OutputStream out = Files.newOutputStream(fresh);
          JarOutputStream zip = new JarOutputStream(out)) {
        zip.putNextEntry(new JarEntry(entry));
        zip.write(code);
      }
      if (Files.exists(jar)) {
        Files.delete(fresh);
      } else {
        Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return jar;
  }

  /** A checksum over the names and checksums that the jar's directory already holds. */
  static String key(JarFile file) {
    CRC32 crc = new CRC32();
    file.stream()
        .map((ZipEntry entry) -> entry.getName() + ' ' + entry.getCrc() + '\n')
        .forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    return "%08x".formatted(crc.getValue());
  }
}
