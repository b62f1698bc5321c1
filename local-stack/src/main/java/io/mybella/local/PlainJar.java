package io.mybella.local;

import io.mybella.local.parts.Folders;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A program of ours that is no service: a plain jar whose manifest names its main class and the
 * libraries in the folder {@code lib} beside it.
 *
 * @param mainClass the main class
 * @param classPath what stands on the class path
 */
record PlainJar(String mainClass, String classPath) {

  /**
   * Copies a program, unless that was done before: a build writes the original anew, also under a
   * platform that runs.
   *
   * @param built what the build made
   * @param target a folder for the programs of all parts
   * @throws IOException when it is no such jar
   */
  static PlainJar copy(Path built, Path target) throws IOException {
    Files.createDirectories(target);
    String name = String.valueOf(built.getFileName());
    String module = name.replaceFirst("\\.jar$", "");
    try (JarFile file = new JarFile(built.toFile())) {
      String mainClass =
          file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
      if (mainClass == null) {
        throw new IOException(built + " names no main class");
      }
      List<Path> libraries = libraries(built);
      Path folder = target.resolve(module + "-" + key(file, libraries));
      if (!Files.isDirectory(folder)) {
        Folders.makeOnce(folder, fresh -> copy(built, libraries, fresh));
        ServiceJar.removeOldBuilds(target, module);
      }
      return new PlainJar(
          mainClass, folder.resolve(name) + File.pathSeparator + ServiceJar.guard(target));
    }
  }

  private static List<Path> libraries(Path built) throws IOException {
    try (Stream<Path> files = Files.list(built.resolveSibling("lib"))) {
      return files.sorted().toList();
    }
  }

  private static void copy(Path built, List<Path> libraries, Path folder) throws IOException {
    Path lib = Files.createDirectories(folder.resolve("lib"));
    Files.copy(built, folder.resolve(built.getFileName()));
    for (Path library : libraries) {
      Files.copy(library, lib.resolve(library.getFileName()));
    }
  }

  /** A checksum over what is in the jar, and the names and sizes of its libraries. */
  private static String key(JarFile file, List<Path> libraries) throws IOException {
    CRC32 crc = new CRC32();
    StringBuilder text = new StringBuilder(ServiceJar.key(file));
    for (Path library : libraries) {
      text.append(library.getFileName()).append(Files.size(library));
    }
    crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
