package io.mybella.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A service's executable jar, unpacked into plain jars. A plain class path starts faster than jars
 * within a jar, and only it can be served from the JDK's ahead-of-time cache.
 *
 * @param mainClass the application's main class
 * @param classPath its jars, in the order that the build laid down
 * @param key names this very content: another build, another key
 */
record ServiceJar(String mainClass, List<Path> classPath, String key) {

  private static final String LIBRARIES = "BOOT-INF/lib/";
  private static final String CLASSES = "BOOT-INF/classes/";

  /** The cache checks the time of every jar; equal content must have an equal time. */
  private static final FileTime EPOCH = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

  /**
   * Unpacks a jar, unless that was done before.
   *
   * @param jar what the build made
   * @param target a folder shared by all services: equal libraries are stored once
   */
  static ServiceJar unpack(Path jar, Path target) throws IOException {
    Path libraries = Files.createDirectories(target.resolve("lib"));
    try (JarFile file = new JarFile(jar.toFile())) {
      String mainClass = file.getManifest().getMainAttributes().getValue("Start-Class");
      if (mainClass == null) {
        throw new IOException(jar + " is not an executable jar of Spring Boot");
      }
      List<ZipEntry> entries = new ArrayList<>();
      file.stream().forEach(entries::add);
      String key = key(entries);
      try (FileChannel channel =
              FileChannel.open(
                  target.resolve("unpack.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IOException("Lost the lock on " + target);
        }
        List<Path> classPath = new ArrayList<>();
        classPath.add(classes(file, entries, libraries.resolve(jar.getFileName() + "-" + key)));
        for (ZipEntry entry : inOrder(file, entries)) {
          String name = entry.getName().substring(LIBRARIES.length());
          Path library = libraries.resolve("%08x-%s".formatted(entry.getCrc(), name));
          if (!Files.exists(library)) {
            try (InputStream in = file.getInputStream(entry)) {
              store(in, library);
            }
          }
          classPath.add(library);
        }
        return new ServiceJar(mainClass, List.copyOf(classPath), key);
      }
    }
  }

  private static Path classes(JarFile file, List<ZipEntry> entries, Path stem) throws IOException {
    Path jar = stem.resolveSibling(stem.getFileName() + ".jar");
    if (Files.exists(jar)) {
      return jar;
    }
    Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
    try (OutputStream out = Files.newOutputStream(fresh);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (ZipEntry entry : entries) {
        // Folders too: migrations and the files of the web app are found by listing theirs.
        if (!entry.getName().startsWith(CLASSES) || entry.getName().equals(CLASSES)) {
          continue;
        }
        zip.putNextEntry(new ZipEntry(entry.getName().substring(CLASSES.length())));
        try (InputStream in = file.getInputStream(entry)) {
          in.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
    Files.setLastModifiedTime(fresh, EPOCH);
    Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return jar;
  }

  private static void store(InputStream in, Path library) throws IOException {
    Path fresh = library.resolveSibling(library.getFileName() + ".new");
    Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(fresh, EPOCH);
    Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The libraries in the order of the class path index, as the executable jar itself has them. */
  private static List<ZipEntry> inOrder(JarFile file, List<ZipEntry> entries) throws IOException {
    @Nullable ZipEntry index = file.getEntry("BOOT-INF/classpath.idx");
    List<String> order = new ArrayList<>();
    if (index != null) {
      try (InputStream in = file.getInputStream(index)) {
        // Each line reads: - "BOOT-INF/lib/name.jar"
        new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .forEach(line -> order.add(line.replaceAll("^- \"|\"$", "")));
      }
    }
    return entries.stream()
        .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(LIBRARIES))
        .sorted(
            Comparator.comparingInt(
                entry -> {
                  int position = order.indexOf(entry.getName());
                  return position < 0 ? Integer.MAX_VALUE : position;
                }))
        .toList();
  }

  /** A checksum over the names and checksums that the jar's directory already holds. */
  private static String key(List<ZipEntry> entries) {
    CRC32 crc = new CRC32();
    for (ZipEntry entry : entries) {
      String line = entry.getName() + ' ' + entry.getCrc() + ' ' + entry.getSize() + '\n';
      crc.update(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return "%08x".formatted(crc.getValue());
  }
}
