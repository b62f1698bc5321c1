package io.mybella.local.cli;

import io.mybella.local.RunningStack;
import io.mybella.local.supervisor.Memory;
import io.mybella.local.supervisor.RunRecord;
import io.mybella.local.supervisor.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what runs. */
@Command(
    name = "status",
    description = "Shows each part: state, process, port, time since its start, resident memory.",
    mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

  /** As an init script answers when the service does not run. */
  private static final int NOT_RUNNING = 3;

  @ParentCommand private MyBella mybella;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  Status() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    RunningStack stack = new RunningStack(mybella.home());
    List<RunRecord> parts = stack.parts();
    boolean supervised = stack.supervisor().isPresent();
    if (!supervised && parts.stream().noneMatch(part -> part.living().isPresent())) {
      out.println("The platform does not run. Start it with: ./mybella up");
      return NOT_RUNNING;
    }
    String format = "%-16s %-11s %8s %6s %9s %10s %9s%n";
    out.printf(format, "part", "state", "process", "port", "up", "memory", "restarts");
    boolean allHealthy = true;
    for (RunRecord part : parts) {
      boolean lives = part.living().isPresent();
      String state = state(part, lives);
      allHealthy &= state.equals("healthy");
      out.printf(
          format,
          part.name(),
          state,
          lives ? part.pid() : "-",
          part.port(),
          lives ? upTime(part.started()) : "-",
          lives ? memory(part.pid()) : "-",
          part.restarts() == 0 ? "-" : part.restarts());
    }
    stack
        .supervisor()
        .ifPresent(
            process ->
                out.printf(
                    format,
                    "(supervisor)",
                    "running",
                    process.pid(),
                    "-",
                    upTime(process.info().startInstant().orElse(Instant.now())),
                    bytes(Memory.residentOfOne(process.pid())),
                    "-"));
    parts.stream()
        .filter(part -> part.restarts() > 0)
        .forEach(part -> out.printf("%s: the one before %s.%n", part.name(), part.lastEnd()));
    if (stack.makesCaches()) {
      out.println("Start caches are being made, at the lowest priority.");
    }
    if (!supervised) {
      out.println("The supervisor was killed. Clean up with: ./mybella down");
    }
    return allHealthy && supervised ? 0 : 1;
  }

  private static String state(RunRecord part, boolean lives) {
    if (!lives && part.state() != State.RESTARTING) {
      return "gone";
    }
    if (part.state() == State.HEALTHY && !part.isHealthy()) {
      return "unhealthy";
    }
    return part.state().name().toLowerCase(Locale.ROOT);
  }

  private static String upTime(Instant start) {
    Duration duration = Duration.between(start, Instant.now());
    return duration.toHours() > 0
        ? "%d h %02d m".formatted(duration.toHours(), duration.toMinutesPart())
        : "%d m %02d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }

  private static String memory(long pid) {
    return bytes(Memory.residentOf(pid));
  }

  private static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? (bytes.getAsLong() >> 20) + " MiB" : "-";
  }
}
