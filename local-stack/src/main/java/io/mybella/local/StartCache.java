package io.mybella.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The JDK's ahead-of-time cache of one part (JEP 483, 514 and 515): the classes that a start needs,
 * loaded and linked. A start is watched from its beginning to its end, which leaves a record; of
 * that the cache is assembled by a process of its own. It holds for these very files, this very JDK
 * and these options.
 *
 * @param part the part's name
 * @param file the cache
 */
record StartCache(String part, Path file) {

  private static final String SUFFIX = ".aot";

  /**
   * The cache of a part, whether it exists or not.
   *
   * @param folder where caches are kept
   * @param part the part's name
   * @param files what the program is made of
   * @param options the JVM's options
   */
  static StartCache of(Path folder, String part, List<Path> files, List<String> options)
      throws IOException {
    CRC32 crc = new CRC32();
    StringBuilder text = new StringBuilder(System.getProperty("java.vm.version", ""));
    text.append(options);
    for (Path each : files) {
      // As the JVM itself does when it judges a cache.
      text.append(each).append(Files.size(each)).append(Files.getLastModifiedTime(each));
    }
    crc.update(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new StartCache(
        part, folder.resolve("%s-%08x%s".formatted(part, crc.getValue(), SUFFIX)));
  }

  boolean exists() {
    return Files.exists(file);
  }

  /**
   * The options that let a JVM use it. A cache that does not fit is passed over in silence.
   *
   * <p>Mapped where it was made for, none of its pages has to be patched: the start takes a fifth
   * less processor time, and pages that nobody needs stay on the disk.
   */
  List<String> use() {
    return List.of(
        "-XX:AOTCache=" + file,
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:ArchiveRelocationMode=0",
        "-Xlog:aot=off",
        "-Xlog:aot+codecache+stubs=off",
        "-Xlog:cds=off");
  }

  /** The options that make a JVM leave a record of what it did when it ends. */
  List<String> watch() {
    return List.of(
        "-XX:AOTMode=record",
        "-XX:AOTConfiguration=" + record(),
        "-Xlog:aot=error",
        "-Xlog:cds=error");
  }

  /** The options with which a JVM makes the cache of the record, and runs nothing. */
  List<String> assemble() {
    return List.of(
        "-XX:AOTMode=create",
        "-XX:AOTConfiguration=" + record(),
        "-XX:AOTCache=" + unfinished(),
        "-Xlog:aot=error",
        "-Xlog:cds=error");
  }

  /** Keeps what was assembled, and deletes the caches of earlier builds and what led to them. */
  void keep() throws IOException {
    try (DirectoryStream<Path> earlier =
        Files.newDirectoryStream(file.getParent(), part + "-*" + SUFFIX)) {
      for (Path cache : earlier) {
        Files.delete(cache);
      }
    }
    Files.move(unfinished(), file, StandardCopyOption.ATOMIC_MOVE);
    discard();
  }

  /** Deletes what is left of an attempt. */
  void discard() throws IOException {
    Files.deleteIfExists(record());
    Files.deleteIfExists(unfinished());
  }

  private Path record() {
    return file.resolveSibling(part + ".record");
  }

  private Path unfinished() {
    return file.resolveSibling(part + ".unfinished");
  }
}
