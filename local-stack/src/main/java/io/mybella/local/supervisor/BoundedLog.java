package io.mybella.local.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** A log file that does not grow without end: when it is full it becomes {@code .1}. */
public final class BoundedLog {

  /** Two files of this size per part at most. */
  private static final long LIMIT_BYTES = 10L * 1024 * 1024;

  private BoundedLog() {}

  /** Copies a program's output to its log until the output ends, on a thread of its own. */
  static void pump(String name, InputStream output, Path log) {
    Thread.ofPlatform()
        .daemon()
        .name("log-" + name)
        .start(
            () -> {
              try (output) {
                copy(output, log);
              } catch (IOException e) {
                System.err.println("The log of " + name + " is cut off: " + e.getMessage());
              }
            });
  }

  private static void copy(InputStream output, Path log) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    int count = output.read(buffer);
    while (count >= 0) {
      rotateWhenFull(log);
      try (OutputStream file =
          Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        long size = Files.size(log);
        while (count >= 0 && size < LIMIT_BYTES) {
          file.write(buffer, 0, count);
          size += count;
          count = output.read(buffer);
        }
      }
    }
  }

  /** Moves the log aside when it has reached its limit, so that the next line begins a new one. */
  public static void rotateWhenFull(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) >= LIMIT_BYTES) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * The last lines of a log.
   *
   * @param log the file; nothing is returned when it does not exist
   * @param count how many lines at most
   */
  public static List<String> tail(Path log, int count) {
    if (!Files.exists(log)) {
      return List.of();
    }
    // The lines of a child are not always UTF-8: read bytes as they are.
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      Deque<String> last = new ArrayDeque<>();
      lines.forEach(
          line -> {
            if (last.size() == count) {
              last.removeFirst();
            }
            last.addLast(
                new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
          });
      return List.copyOf(last);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + log, e);
    }
  }
}
