package io.mybella.bench;

import io.mybella.door.DoorBenchmark;
import io.mybella.door.DrainBenchmark;
import io.mybella.door.EventsBenchmark;
import io.mybella.door.HopBenchmark;
import io.mybella.memory.MemoryBenchmark;
import io.mybella.memory.RecallBenchmark;
import io.mybella.starting.MemoryUse;
import io.mybella.starting.StartBenchmark;
import io.mybella.waiting.FirstBytes;
import io.mybella.waiting.SlotsBenchmark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The program behind {@code ./mybella bench}: measures the platform that {@code ./mybella up} runs
 * on this machine, with accounts of its own.
 */
@Command(
    name = "mybella bench",
    description = {
      "Measures the platform that runs on this machine, with accounts of its own.",
      "Start it without limits of requests:",
      "  MYBELLA_GATEWAY_LIMIT_PER_CALLER=0 MYBELLA_GATEWAY_LIMIT_PER_ADDRESS=0 ./mybella up",
      ""
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Bench implements Runnable {

  private Bench() {}

  /**
   * Runs a benchmark and ends with its exit code.
   *
   * @param arguments the benchmark and what it needs
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  /** What every benchmark with figures can be told. */
  @Command(mixinStandardHelpOptions = true)
  static final class Written {

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there, too.")
    @Nullable Path json;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  @Command(
      description =
          "Lists, switches and messages through the gateway, beside what a service can answer at"
              + " most.")
  void door(
      @Option(names = "--rounds", description = "How many (${DEFAULT-VALUE}).", defaultValue = "5")
          int rounds,
      @Mixin Written written)
      throws Exception {
    DoorBenchmark.rounds(Math.max(1, rounds), written.json);
  }

  @Command(
      description =
          "What the way through the gateway costs: lists of personas through it and at"
              + " persona-service itself.")
  void hop(
      @Option(names = "--rounds", description = "How many (${DEFAULT-VALUE}).", defaultValue = "5")
          int rounds,
      @Mixin Written written)
      throws Exception {
    HopBenchmark.rounds(Math.max(1, rounds), written.json);
  }

  @Command(
      description =
          "How long it takes from a switch until a consumer has its event, at a steady rate.")
  void events(
      @Option(names = "--rounds", description = "How many (${DEFAULT-VALUE}).", defaultValue = "5")
          int rounds,
      @Option(
              names = "--rate",
              description = "Switches a second (${DEFAULT-VALUE}).",
              defaultValue = "200")
          int rate,
      @Option(
              names = "--seconds",
              description = "Of each round (${DEFAULT-VALUE}).",
              defaultValue = "20")
          int seconds,
      @Mixin Written written)
      throws Exception {
    EventsBenchmark.rounds(
        Math.max(1, rounds),
        Math.max(1, rate),
        Duration.ofSeconds(Math.max(1, seconds)),
        written.json);
  }

  @Command(description = "How fast memory-service takes switches, and what they cost it.")
  void drain(
      @Option(names = "--rounds", description = "How many (${DEFAULT-VALUE}).", defaultValue = "3")
          int rounds,
      @Option(
              names = "--events",
              description = "Of each measurement (${DEFAULT-VALUE}).",
              defaultValue = "20000")
          int events,
      @Mixin Written written)
      throws Exception {
    DrainBenchmark.rounds(Math.max(1, rounds), Math.max(1, events), written.json);
  }

  @Command(
      name = "warm-up",
      description = "Lists of personas until they get no faster, to be begun right after a start.")
  void warmUp(@Mixin Written written) throws Exception {
    DoorBenchmark.warmUp(written.json);
  }

  @Command(
      name = "first-bytes",
      description =
          "What the platform adds to the first byte of a speech and the first words of a reply;"
              + " of one that was started with --fake-elevenlabs.")
  void firstBytes(
      @Option(names = "--rounds", description = "How many (${DEFAULT-VALUE}).", defaultValue = "50")
          int rounds,
      @Mixin Written written)
      throws Exception {
    FirstBytes.rounds(Math.max(1, rounds), written.json);
  }

  @Command(
      description =
          "How much of the speeches that ElevenLabs allows at the same time is used; of a platform"
              + " that was started with --fake-elevenlabs.")
  void slots(
      @Option(
              names = "--seconds",
              description = "Of the measurement (${DEFAULT-VALUE}).",
              defaultValue = "30")
          int seconds,
      @Mixin Written written)
      throws Exception {
    SlotsBenchmark.measure(Duration.ofSeconds(Math.max(1, seconds)), written.json);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "What a persona recalls of conversations in the format of LoCoMo, and how long it takes.")
  void recall(
      @Parameters(paramLabel = "FILE", description = "The conversations and questions.") Path file,
      @Parameters(
              index = "1..*",
              paramLabel = "TURNS",
              description = "Lengths of histories to be asked (1000 10000 50000).")
          @Nullable List<String> turns)
      throws Exception {
    RecallBenchmark.main(
        Stream.concat(Stream.of(file.toString()), turns == null ? Stream.of() : turns.stream())
            .toArray(String[]::new));
  }

  @Command(description = "Appends, pages, forgetting and erasing, up to millions of messages.")
  void memory(
      @Parameters(
              arity = "0..1",
              paramLabel = "MESSAGES",
              description = "Of the long history (${DEFAULT-VALUE}).",
              defaultValue = "10000000")
          int messages,
      @Option(
              names = "--gone",
              paramLabel = "MESSAGES",
              description = "Of each history that is forgotten or erased (${DEFAULT-VALUE}).",
              defaultValue = "1000000")
          int gone,
      @Option(
              names = "--rounds",
              description = "How many are forgotten, and how many erased (${DEFAULT-VALUE}).",
              defaultValue = "5")
          int rounds,
      @Mixin Written written)
      throws Exception {
    MemoryBenchmark.measure(
        Math.max(1, messages), Math.max(1, gone), Math.max(1, rounds), written.json);
  }

  @Command(
      description =
          "What a start takes, with start caches and without: of a platform of its own, beside"
              + " which none should run.")
  void start(
      @Option(names = "--rounds", description = "How many (${DEFAULT-VALUE}).", defaultValue = "5")
          int rounds,
      @Mixin Written written)
      throws Exception {
    StartBenchmark.rounds(Math.max(1, rounds), written.json);
  }

  @Command(
      name = "memory-use",
      description = "The memory of the services, once it does not change any more.")
  void memoryUse(@Mixin Written written) throws Exception {
    MemoryUse.measure(written.json);
  }
}
