package io.mybella.local.parts;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once per user from the archive on the class path and shared by
 * every server that this user starts.
 */
final class PostgresBinaries {

  static final boolean WINDOWS = OperatingSystem.isWindows();

  private final Path home;

  private PostgresBinaries(Path home) {
    this.home = home;
  }

  /** Finds the unpacked programs, or unpacks them (a few seconds, once per user and version). */
  static synchronized PostgresBinaries unpacked() {
    try {
      final byte[] archive;
      try (InputStream in =
          DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
              OperatingSystem.archiveName(), OperatingSystem.architecture())) {
        archive = in.readAllBytes();
      }
      String digest =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(archive))
              .substring(0, 16);
      Path home = OperatingSystem.cacheFolder().resolve("postgres-" + digest);
      Folders.makeOnce(home, fresh -> unpack(archive, fresh));
      return new PostgresBinaries(home);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack PostgreSQL", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /**
   * A folder beside the programs, for something that only they can make, and that is made once.
   *
   * @param name what it holds
   * @param maker fills it
   */
  Path cached(String name, Folders.Maker maker) throws IOException {
    Path folder = home.resolveSibling(home.getFileName() + "-" + name);
    Folders.makeOnce(folder, maker);
    return folder;
  }

  private static void unpack(byte[] archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("Archive entry outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          if (!WINDOWS && (entry.getMode() & 0100) != 0) {
            file.toFile().setExecutable(true, false);
          }
        }
      }
    }
    if (!WINDOWS) {
      try (var programs = Files.list(target.resolve("bin"))) {
        programs.forEach(program -> program.toFile().setExecutable(true, false));
      }
    }
  }

  /**
   * The command line of one of the programs.
   *
   * <p>PostgreSQL refuses to run as root. Root therefore runs it in a user namespace of its own,
   * where it has no power over the rest of the machine.
   *
   * @throws IllegalStateException as root, where the system forbids user namespaces
   */
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (OperatingSystem.isRoot()) {
      if (!LinuxUtils.isUnshareAvailable()) {
        throw new IllegalStateException(
            "PostgreSQL refuses to run as root, and this system does not let root leave its"
                + " privileges behind (user namespaces are off): run this as an ordinary user");
      }
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(home.resolve("bin").resolve(program + (WINDOWS ? ".exe" : "")).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Asks a server to end at once and in order, whoever is connected, and does not wait for it. */
  void stopFast(Path data) {
    ProcessBuilder builder =
        new ProcessBuilder(
                command(
                    "pg_ctl", "stop", "-D", data.toAbsolutePath().toString(), "-m", "fast", "-W"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    ChildEnvironment.choose(builder);
    try {
      builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop PostgreSQL", e);
    }
  }

  /** What differs between the systems that the programs run on. */
  static final class OperatingSystem {

    private static final String NAME = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);

    static boolean isWindows() {
      return NAME.startsWith("windows");
    }

    static boolean isMac() {
      return NAME.startsWith("mac");
    }

    static boolean isRoot() {
      return !isWindows() && !isMac() && "root".equals(System.getProperty("user.name"));
    }

    static String archiveName() {
      return isWindows() ? "Windows" : isMac() ? "Darwin" : "Linux";
    }

    static String architecture() {
      String architecture = System.getProperty("os.arch", "");
      return architecture.equals("amd64") ? "x86_64" : architecture;
    }

    static Path cacheFolder() throws IOException {
      Path home = Path.of(System.getProperty("user.home", "."));
      String named = System.getenv(isWindows() ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
      Path caches;
      if (named != null && !named.isBlank()) {
        caches = Path.of(named);
      } else {
        caches = isMac() ? home.resolve("Library/Caches") : home.resolve(".cache");
      }
      Path cache = caches.resolve("mybella");
      try {
        return Files.createDirectories(cache);
      } catch (IOException homeIsReadOnly) {
        // Users without a home of their own (a build container) still have the temporary folder.
        return Files.createDirectories(
            Path.of(System.getProperty("java.io.tmpdir", "."))
                .resolve("mybella-" + System.getProperty("user.name", "user")));
      }
    }
  }
}
