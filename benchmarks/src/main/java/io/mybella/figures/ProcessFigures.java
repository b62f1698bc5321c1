package io.mybella.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a process of this machine takes, as Linux tells it; proc(5).
 *
 * @param folder of the process below {@code /proc}
 */
public record ProcessFigures(Path folder) {

  /** Of the kernel's clock for user programs, on all machines that there is a JDK for. */
  private static final double TICKS_A_SECOND = 100;

  private static final int USER_TIME = 11;

  /** Those of a process. */
  public static ProcessFigures of(long process) {
    return new ProcessFigures(Path.of("/proc", Long.toString(process)));
  }

  /** Whether this system tells. */
  public static boolean areTold() {
    return Files.isReadable(of(ProcessHandle.current().pid()).folder().resolve("smaps_rollup"));
  }

  /** What it has taken of the processors itself. */
  public double processorSeconds() throws IOException {
    return seconds(times().subList(0, 2));
  }

  /** The same with its children that have ended, and theirs. */
  public double processorSecondsWithEndedChildren() throws IOException {
    return seconds(times());
  }

  /** User and system time of its own, then of its ended children. */
  private List<String> times() throws IOException {
    String stat = Files.readString(folder.resolve("stat"));
    // The name comes before, in parentheses, and may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Arrays.asList(fields).subList(USER_TIME, USER_TIME + 4);
  }

  private static double seconds(List<String> ticks) {
    return ticks.stream().mapToLong(Long::parseLong).sum() / TICKS_A_SECOND;
  }

  /**
   * A figure of its memory in MiB.
   *
   * @param field such as {@code Pss}, in which what is shared counts in part for each
   */
  public double mebibytes(String field) throws IOException {
    return Files.readAllLines(folder.resolve("smaps_rollup")).stream()
            .filter(line -> line.startsWith(field + ":"))
            .map(line -> line.substring(field.length() + 1).replace("kB", "").strip())
            .mapToLong(Long::parseLong)
            .sum()
        / 1024.0;
  }
}
