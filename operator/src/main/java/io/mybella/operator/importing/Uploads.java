package io.mybella.operator.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A folder of uploaded files, from which nothing but what lies in it is taken: the names come from
 * a database in which users could once write.
 */
final class Uploads {

  private final Path folder;
  private final String name;
  private final long largest;

  /**
   * A folder.
   *
   * @param uploads where the old app kept its uploads
   * @param name of the folder in it
   * @param largest bytes of a file that the platform takes
   */
  Uploads(Path uploads, String name, long largest) {
    this.largest = largest;
    this.folder = uploads.resolve(name);
    this.name = name;
  }

  /** What a name of the old database comes to. */
  sealed interface Found {

    /** A regular file within the folder. */
    record There(Path file) implements Found {}

    /** Nothing that can be brought along. */
    record Not(String reason) implements Found {}
  }

  /**
   * Looks for a file.
   *
   * @param stored as the database has it: a name, a path or an address of the old app
   */
  Found find(String stored) {
    String lower = stored.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://") || lower.startsWith("data:")) {
      return new Found.Not("its file lies elsewhere in the web, and is not fetched");
    }
    String plain = stored.replace('\\', '/');
    int begin = plain.lastIndexOf("/" + name + "/");
    String inFolder =
        begin >= 0
            ? plain.substring(begin + name.length() + 2)
            : plain.startsWith(name + "/") ? plain.substring(name.length() + 1) : plain;
    if (inFolder.isBlank() || inFolder.startsWith("/") || ("/" + plain + "/").contains("/../")) {
      return new Found.Not("the name of its file leads out of the folder: refused");
    }
    try {
      return within(folder.resolve(inFolder));
    } catch (InvalidPathException e) {
      return new Found.Not("the name of its file is none: refused");
    } catch (IOException e) {
      return new Found.Not("its file is missing");
    }
  }

  /** Where a link leads, counts; and nothing but a file can be sent. */
  private Found within(Path file) throws IOException {
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      return new Found.Not("its file is a link that leads out of the folder: refused");
    }
    if (!Files.isRegularFile(real)) {
      return new Found.Not("its file is none");
    }
    long size = Files.size(real);
    if (size == 0 || size > largest) {
      return new Found.Not(size == 0 ? "its file is empty" : "its file is too large");
    }
    return new Found.There(real);
  }
}
