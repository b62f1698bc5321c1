package io.mybella.local.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a PostgreSQL server wrote down about itself: {@code postmaster.pid} in its data directory.
 * The file of a server that was killed stays, and its process id may belong to any other program by
 * now, also to another PostgreSQL.
 *
 * @param data the data directory that the file was found in
 * @param pid the process id that stands in it
 * @param started when that server started, to the second
 */
record PostmasterFile(Path data, long pid, Instant started) {

  private static final String NAME = "postmaster.pid";

  /** Lines of the file: process id, data directory, start in seconds since 1970, port, … */
  private static final int START_LINE = 2;

  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  /** From the start of the process to the moment that the server calls its start. */
  private static final Duration LONGEST_EXEC = Duration.ofMinutes(1);

  /** Reads the file of a data directory; nothing when there is none that can be read. */
  static Optional<PostmasterFile> of(Path data) {
    Path file = data.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.size() <= START_LINE) {
        return Optional.empty();
      }
      return Optional.of(
          new PostmasterFile(
              data,
              Long.parseLong(lines.getFirst().strip()),
              Instant.ofEpochSecond(Long.parseLong(lines.get(START_LINE).strip()))));
    } catch (IOException | NumberFormatException justBeingWritten) {
      return Optional.empty();
    }
  }

  /** The server of this data directory, if it lives. */
  Optional<ProcessHandle> server() {
    return process()
        .filter(
            process ->
                mayBePostgres(process)
                    && folder(process).map(this::isData).orElseGet(() -> startedThen(process)));
  }

  /**
   * Removes the file when its process id belongs to another program for certain: PostgreSQL itself
   * would take it for a server that runs, and refuse to start.
   */
  void removeIfForeign() throws IOException {
    if (process().filter(this::isForeign).isPresent()) {
      Files.deleteIfExists(data.resolve(NAME));
    }
  }

  private Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
  }

  private boolean isForeign(ProcessHandle process) {
    return !mayBePostgres(process) || folder(process).map(folder -> !isData(folder)).orElse(false);
  }

  private static boolean mayBePostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.contains("postgres")).orElse(true);
  }

  /** The folder that a process works in, where the system tells; a server works in its data. */
  private static Optional<Path> folder(ProcessHandle process) {
    try {
      return Optional.of(Path.of("/proc", "" + process.pid(), "cwd").toRealPath());
    } catch (IOException notToBeSeen) {
      return Optional.empty();
    }
  }

  private boolean isData(Path folder) {
    try {
      return folder.equals(data.toRealPath());
    } catch (IOException gone) {
      return false;
    }
  }

  private boolean startedThen(ProcessHandle process) {
    return process
        .info()
        .startInstant()
        .map(
            start ->
                start.isBefore(started.plus(CLOCK_TOLERANCE))
                    && start.isAfter(started.minus(LONGEST_EXEC)))
        .orElse(false);
  }
}
