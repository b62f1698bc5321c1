package io.mybella.local.parts;

import io.mybella.local.settings.Passwords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * An empty data directory of PostgreSQL, made once per user and version, which servers with
 * temporary data begin with a copy of: a tenth of the work of {@code initdb}.
 *
 * @param data the directory that is copied
 * @param password of its superuser
 */
record PreparedData(Path data, String password) {

  private static final String PASSWORD = "password";

  /** Another name than that of data which were made in another way. */
  private static final String NAME = "data-2";

  /** Finds it, or makes it. */
  static synchronized PreparedData of(PostgresBinaries binaries) {
    try {
      Path folder = binaries.cached(NAME, fresh -> make(binaries, fresh));
      return new PreparedData(
          folder.resolve("data"), Files.readString(folder.resolve(PASSWORD)).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare data for PostgreSQL", e);
    }
  }

  private static void make(PostgresBinaries binaries, Path folder) throws IOException {
    String password = Passwords.random();
    Files.createDirectories(folder);
    PostgresPart.initialise(binaries, folder.resolve("data"), password);
    Files.writeString(folder.resolve(PASSWORD), password);
  }

  /** Copies it. PostgreSQL insists on the access rights of the folder, so they are copied, too. */
  void copyTo(Path target) throws IOException {
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(folder, there(folder), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, there(file), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }

          private Path there(Path source) {
            return target.resolve(data.relativize(source).toString());
          }
        });
  }
}
