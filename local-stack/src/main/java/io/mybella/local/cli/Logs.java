package io.mybella.local.cli;

import io.mybella.local.LocalPlatform;
import io.mybella.local.settings.Home;
import io.mybella.local.supervisor.BoundedLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what the parts wrote. */
@Command(
    name = "logs",
    description = "Shows the last lines of the logs.",
    mixinStandardHelpOptions = true)
final class Logs implements Callable<Integer> {

  private static final long POLL_MILLIS = 200;

  @ParentCommand private MyBella mybella;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PART",
      description = "postgres, kafka, gateway, persona-service, …; all when left out.")
  private @Nullable String part;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written from now on, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      description = "How many lines of each log; ${DEFAULT-VALUE} when left out.")
  private int lines = 50;

  @SuppressWarnings("NullAway.Init")
  Logs() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Home home = mybella.home();
    String wanted = part;
    if (wanted != null && !LocalPlatform.partNames().contains(wanted)) {
      throw new ParameterException(
          spec.commandLine(),
          "No part is named "
              + wanted
              + ". There are: "
              + String.join(", ", LocalPlatform.partNames()));
    }
    List<String> parts = wanted == null ? LocalPlatform.partNames() : List.of(wanted);
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Long> positions = new HashMap<>();
    for (String name : parts) {
      Path log = home.log(name);
      positions.put(name, Files.exists(log) ? Files.size(log) : 0L);
      for (String line : BoundedLog.tail(log, lines)) {
        out.println(prefix(parts, name) + line);
      }
    }
    out.flush();
    while (follow) {
      for (String name : parts) {
        positions.put(
            name, printSince(home.log(name), positions.get(name), prefix(parts, name), out));
      }
      out.flush();
      Thread.sleep(POLL_MILLIS);
    }
    return 0;
  }

  private static String prefix(List<String> parts, String name) {
    return parts.size() == 1 ? "" : "%-16s| ".formatted(name);
  }

  /** Prints the whole lines that follow a position; returns where the next time begins. */
  private static long printSince(Path log, @Nullable Long since, String prefix, PrintWriter out)
      throws IOException {
    if (!Files.exists(log)) {
      return 0;
    }
    long position = since == null ? 0 : since;
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long length = file.length();
      if (length < position) {
        // The log was full and begins anew.
        position = 0;
      }
      byte[] bytes = new byte[(int) Math.min(length - position, 1 << 20)];
      file.seek(position);
      file.readFully(bytes);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      new String(bytes, 0, end, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> out.println(prefix + line));
      return position + end;
    }
  }
}
