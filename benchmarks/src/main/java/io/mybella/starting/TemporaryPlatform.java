package io.mybella.starting;

import io.mybella.figures.ProcessFigures;
import io.mybella.local.LocalPlatform;
import io.mybella.local.RunningStack;
import io.mybella.local.parts.Folders;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A platform of its own in a temporary folder and on free ports, started as people start one. It is
 * ended with this, also when this program is told to end.
 */
final class TemporaryPlatform implements AutoCloseable {

  /** What {@code ./mybella up} says when start caches are yet to be made, and when they are. */
  private static final String WANTS_CACHES = "Start caches are made once the machine is idle";

  private static final String MADE = " start caches in ";
  private static final String NOT_MADE = "The start caches cannot be made";

  /** Ten minutes until a machine that is never idle gets them, and what they take then. */
  private static final Duration MOST_FOR_CACHES = Duration.ofMinutes(30);

  private static final Duration POLL = Duration.ofSeconds(1);

  private final Path root = LocalPlatform.projectRoot();
  private final Home home;
  private final Map<String, String> settings = new HashMap<>(LocalPlatform.freePorts());
  private final Thread hook = new Thread(this::discard, "discard");

  TemporaryPlatform() throws IOException {
    this.home = new Home(Files.createTempDirectory("mybella-start"));
    settings.put(Setting.MYBELLA_HOME.name(), home.folder().toString());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * What a start took.
   *
   * @param seconds until it was ready
   * @param processorSeconds of all its processes, those that ended meanwhile included
   * @param wantsCaches whether start caches are yet to be made
   */
  record Start(double seconds, double processorSeconds, boolean wantsCaches) {}

  /**
   * Starts it and returns when it is ready.
   *
   * @param caches whether it is to start from start caches, and to make those that are missing
   */
  Start start(boolean caches) throws IOException, InterruptedException {
    Path said = home.folder().resolve("start.log");
    ProcessBuilder script =
        new ProcessBuilder(root.resolve("mybella").toString(), "up", "--detach")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    script.environment().putAll(settings);
    script.environment().put(Setting.MYBELLA_AOT.name(), caches ? "on" : "off");
    double before = ended();
    long begin = System.nanoTime();
    int code = script.start().waitFor();
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (code != 0) {
      throw new IllegalStateException("The platform does not start:\n" + Files.readString(said));
    }
    return new Start(
        seconds, ended() - before + running(), Files.readString(said).contains(WANTS_CACHES));
  }

  /** Processor seconds of the children of this program that have ended, and of theirs. */
  private static double ended() throws IOException {
    ProcessFigures own = ProcessFigures.of(ProcessHandle.current().pid());
    return own.processorSecondsWithEndedChildren() - own.processorSeconds();
  }

  private double running() throws IOException {
    ProcessHandle supervisor = new RunningStack(home).supervisor().orElseThrow();
    double sum = 0;
    for (ProcessHandle each :
        Stream.concat(Stream.of(supervisor), supervisor.descendants()).toList()) {
      sum += ProcessFigures.of(each.pid()).processorSecondsWithEndedChildren();
    }
    return sum;
  }

  /**
   * Waits until it has made the start caches that it wants.
   *
   * @throws IllegalStateException when they cannot be made, or are not within half an hour
   */
  void awaitCaches() throws IOException, InterruptedException {
    Path log = home.log("supervisor");
    long end = System.nanoTime() + MOST_FOR_CACHES.toNanos();
    for (String said = ""; !said.contains(MADE); said = Files.readString(log)) {
      if (said.contains(NOT_MADE) || System.nanoTime() > end) {
        throw new IllegalStateException("There are no start caches:\n" + said);
      }
      Thread.sleep(POLL);
    }
  }

  /** Ends it; its data stay. */
  void end() {
    new RunningStack(home).end(System.err::println);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    discard();
  }

  private void discard() {
    new RunningStack(home).reset(System.err::println);
    Folders.delete(home.folder());
  }
}
