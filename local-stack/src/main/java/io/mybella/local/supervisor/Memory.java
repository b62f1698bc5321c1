package io.mybella.local.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How much of the machine's memory a process holds. */
public final class Memory {

  private static final Pattern NUMBER = Pattern.compile("(\\d+)");

  private Memory() {}

  /**
   * Resident memory of a process in bytes. With child processes (PostgreSQL) it is the sum of each
   * one's fair share, so that what they share counts once.
   *
   * @param pid the process id
   * @return nothing where the system does not tell
   */
  public static OptionalLong residentOf(long pid) {
    List<Long> children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .map(ProcessHandle::pid)
            .toList();
    if (children.isEmpty()) {
      return residentOfOne(pid);
    }
    long sum = 0;
    for (long process : Stream.concat(Stream.of(pid), children.stream()).toList()) {
      sum += one(process, "smaps_rollup", "Pss:").orElse(0);
    }
    return sum == 0 ? residentOfOne(pid) : OptionalLong.of(sum);
  }

  /** Resident memory of this very process in bytes, without its children. */
  public static OptionalLong residentOfOne(long pid) {
    return one(pid, "status", "VmRSS:");
  }

  private static OptionalLong one(long pid, String file, String field) {
    Path path = Path.of("/proc", Long.toString(pid), file);
    try {
      if (!Files.isDirectory(Path.of("/proc"))) {
        return fromPs(pid);
      }
      for (String line : Files.readAllLines(path, StandardCharsets.US_ASCII)) {
        if (line.startsWith(field)) {
          return kibibytes(line);
        }
      }
    } catch (IOException endedOrNotOurs) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  private static OptionalLong fromPs(long pid) throws IOException {
    Process ps =
        new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return kibibytes(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
  }

  private static OptionalLong kibibytes(String text) {
    Matcher number = NUMBER.matcher(text);
    return number.find()
        ? OptionalLong.of(Long.parseLong(number.group(1)) * 1024)
        : OptionalLong.empty();
  }
}
