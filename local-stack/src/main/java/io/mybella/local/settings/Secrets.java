package io.mybella.local.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

/**
 * Passwords of one stack: made up on first use, kept in a file that only its owner can read. They
 * reach the services through their environment, never through a command line.
 */
public final class Secrets {

  private final Path file;
  private final Properties known = new Properties();

  private Secrets(Path file) {
    this.file = file;
  }

  /**
   * Opens the secrets of a stack.
   *
   * @param file where they are kept; it need not exist yet
   */
  public static Secrets of(Path file) {
    Secrets secrets = new Secrets(file);
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        secrets.known.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file, e);
      }
    }
    return secrets;
  }

  /** The password of that name, made up when there is none. */
  public synchronized String password(String name) {
    String password = known.getProperty(name);
    if (password == null) {
      password = Passwords.random();
      known.setProperty(name, password);
      write();
    }
    return password;
  }

  private void write() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, ownerOnly);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE);
          Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
        known.store(writer, "Passwords of this local stack. Deleted by: mybella reset");
        // The data that these passwords open are on the disk, too.
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (posix) {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
          folder.force(true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
