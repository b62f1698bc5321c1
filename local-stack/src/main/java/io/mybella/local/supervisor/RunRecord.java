package io.mybella.local.supervisor;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What is written down about a running process, so that another program can show it or end it.
 *
 * <p>A process id alone says little: the system gives it to another program later. Together with
 * the moment the process started it is unmistakable.
 *
 * @param name name of the part
 * @param state its state when this was written
 * @param pid its process id
 * @param started when that process started
 * @param port the TCP port it listens on
 * @param address where it is reached
 * @param healthAddress the HTTP address that answers 200 when it is healthy; empty: its port has to
 *     do
 * @param restarts how often it was started again by itself
 * @param lastEnd why it was started again the last time; empty when it never was
 */
public record RunRecord(
    String name,
    State state,
    long pid,
    Instant started,
    int port,
    String address,
    String healthAddress,
    int restarts,
    String lastEnd) {

  private static final String SUFFIX = ".process";
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  /** The record of a process that is no part, such as the supervisor itself. */
  public static RunRecord of(String name, long pid) {
    return new RunRecord(name, State.HEALTHY, pid, startOf(pid), 0, "", "", 0, "");
  }

  /** When a process started, as the operating system tells it. */
  static Instant startOf(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().startInstant())
        .orElse(Instant.EPOCH);
  }

  /** Writes the record into a folder, replacing the one of the same name. */
  public void write(Path folder) {
    Properties properties = new Properties();
    properties.setProperty("state", state.name());
    properties.setProperty("pid", "" + pid);
    properties.setProperty("started", started.toString());
    properties.setProperty("port", "" + port);
    properties.setProperty("address", address);
    properties.setProperty("health", healthAddress);
    properties.setProperty("restarts", "" + restarts);
    properties.setProperty("last-end", lastEnd);
    try {
      Path fresh = Files.createTempFile(folder, name, ".new");
      try (Writer writer = Files.newBufferedWriter(fresh)) {
        properties.store(writer, null);
      }
      Files.move(
          fresh,
          folder.resolve(name + SUFFIX),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + folder, e);
    }
  }

  /** Reads the record of that name; nothing when there is none that can be read. */
  public static Optional<RunRecord> read(Path folder, String name) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve(name + SUFFIX))) {
      properties.load(reader);
      return Optional.of(
          new RunRecord(
              name,
              State.valueOf(properties.getProperty("state", "")),
              Long.parseLong(properties.getProperty("pid", "")),
              Instant.parse(properties.getProperty("started", "")),
              Integer.parseInt(properties.getProperty("port", "")),
              properties.getProperty("address", ""),
              properties.getProperty("health", ""),
              Integer.parseInt(properties.getProperty("restarts", "0")),
              properties.getProperty("last-end", "")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the records in " + folder, e);
    } catch (IllegalArgumentException | java.time.DateTimeException damaged) {
      // A machine that lost power may leave half a file; what it told of is gone with it.
      return Optional.empty();
    }
  }

  /** All records of a folder. */
  public static List<RunRecord> readAll(Path folder) {
    List<RunRecord> records = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        for (Path file : files) {
          String fileName = String.valueOf(file.getFileName());
          read(folder, fileName.substring(0, fileName.length() - SUFFIX.length()))
              .ifPresent(records::add);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the records in " + folder, e);
      }
    }
    return records;
  }

  /** Removes the record of that name. */
  public static void remove(Path folder, String name) {
    try {
      Files.deleteIfExists(folder.resolve(name + SUFFIX));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove a record in " + folder, e);
    }
  }

  /** Whether it says now that it does its work. */
  public boolean isHealthy() {
    return healthAddress.isEmpty()
        ? Probe.accepts(port)
        : Probe.says200(healthAddress, Probe.PATIENCE);
  }

  /** The process that this record tells of, if that very process still runs. */
  public Optional<ProcessHandle> living() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(
                        start ->
                            Duration.between(start, started).abs().compareTo(CLOCK_TOLERANCE) <= 0)
                    .orElse(false));
  }
}
