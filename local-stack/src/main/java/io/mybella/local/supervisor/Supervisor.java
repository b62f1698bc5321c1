package io.mybella.local.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a set of parts running. A part that crashes is started again, each time after a longer
 * wait; so is one that was healthy and then gives no answer for too long, which is ended first. One
 * that crashes three times before it was ever healthy is given up.
 *
 * <p>What runs is written down in a folder, for {@code status}, and for the case that the
 * supervisor itself is killed.
 */
public final class Supervisor implements AutoCloseable {

  /** Longer than the services' own limit for a graceful shutdown. */
  public static final Duration END_LIMIT = Duration.ofSeconds(35);

  private static final int ATTEMPTS = 3;
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

  /** A machine that slept, or had no time for this process, must not look like a part's silence. */
  private static final int LEAST_UNANSWERED = 3;

  /** What gives no answer hardly ends in order either. */
  private static final Duration HUNG_END_LIMIT = Duration.ofSeconds(5);

  private final Path records;
  private final Backoff backoff;
  private final Limits limits;
  private final Consumer<String> progress;
  private final Map<String, Keeper> keepers = new LinkedHashMap<>();
  private final List<List<Keeper>> stages = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closing;

  /**
   * A supervisor without parts.
   *
   * @param records folder for the records of what runs
   * @param backoff the waits before a crashed part is started again
   * @param limits how long parts are waited for
   * @param progress gets a line for people when something happens
   */
  public Supervisor(Path records, Backoff backoff, Limits limits, Consumer<String> progress) {
    this.records = records;
    this.backoff = backoff;
    this.limits = limits;
    this.progress = progress;
  }

  /**
   * Starts parts, each as soon as what it needs is healthy, and waits until all are healthy. What
   * was started before stays; one that was ended may be started again.
   *
   * @param stages the parts, those that are needed before those that need them. They are ended
   *     later stage by stage, the last stage first, and those of one stage side by side.
   * @throws StartFailure when one of them does not become healthy
   * @throws IllegalArgumentException when a part of that name runs, or a needed one is not known
   */
  @SafeVarargs
  public final void start(List<? extends Part>... stages) {
    CompletableFuture<Void> failure = new CompletableFuture<>();
    List<Keeper> started = new ArrayList<>();
    for (List<? extends Part> stage : stages) {
      started.addAll(register(stage, failure));
    }
    started.forEach(Keeper::begin);
    CompletableFuture<?> all =
        CompletableFuture.allOf(
            started.stream().map(keeper -> keeper.ready).toArray(CompletableFuture[]::new));
    try {
      // The first failure counts; there is no need to wait for the others.
      CompletableFuture.anyOf(all, failure).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("The start was interrupted.");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StartFailure failed
          ? failed
          : new IllegalStateException(e.getCause());
    }
  }

  private List<Keeper> register(List<? extends Part> parts, CompletableFuture<Void> failure) {
    lock.lock();
    try {
      if (closing) {
        throw new StartFailure("The stack is being ended.");
      }
      List<Keeper> added = new ArrayList<>();
      List<Keeper> stage = new ArrayList<>();
      for (Part part : parts) {
        Keeper keeper = new Keeper(part, part.needs().stream().map(this::keeper).toList(), failure);
        Keeper earlier = keepers.get(part.name());
        if (earlier == null) {
          stage.add(keeper);
        } else if (earlier.finished.isDone()) {
          // It ends in the stage that it had before.
          stages.forEach(each -> each.replaceAll(old -> old == earlier ? keeper : old));
        } else {
          throw new IllegalArgumentException("Two parts with the name " + part.name());
        }
        keepers.put(part.name(), keeper);
        added.add(keeper);
      }
      stages.add(stage);
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** The state of a part. */
  public State state(String part) {
    return keeper(part).state();
  }

  /** The process id of a part's present run; -1 when none runs. */
  public long pid(String part) {
    Part.Run run = keeper(part).run();
    return run == null ? -1 : run.pid();
  }

  /** How long a part took to become healthy when it was first started; nothing before that. */
  public Optional<Duration> timeToStart(String part) {
    return Optional.ofNullable(keeper(part).timeToStart());
  }

  /** Asks all parts to give back memory that they have no use for, and does not wait. */
  public void tidy() {
    List<Keeper> all;
    lock.lock();
    try {
      all = List.copyOf(keepers.values());
    } finally {
      lock.unlock();
    }
    for (Keeper keeper : all) {
      Part.Run run = keeper.run();
      if (run != null) {
        run.askToTidy();
      }
    }
  }

  /** Ends a part in an orderly way and leaves all others running. */
  public void end(String part) {
    Keeper keeper = keeper(part);
    keeper.end();
    keeper.awaitEnd(END_LIMIT);
  }

  /**
   * Ends everything, stage by stage, and waits for its end.
   *
   * @throws IllegalStateException when parts could not be ended; all others are
   */
  @Override
  public void close() {
    close(END_LIMIT);
  }

  /**
   * Ends everything, stage by stage, and waits for its end.
   *
   * @param limit how long a part may take to end in an orderly way before it is killed
   * @throws IllegalStateException when parts could not be ended; all others are
   */
  public void close(Duration limit) {
    List<List<Keeper>> reversed;
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      reversed = new ArrayList<>(stages).reversed();
    } finally {
      lock.unlock();
    }
    List<IllegalStateException> failures = new ArrayList<>();
    for (List<Keeper> stage : reversed) {
      stage.forEach(Keeper::end);
      for (Keeper keeper : stage) {
        try {
          keeper.awaitEnd(limit);
        } catch (IllegalStateException e) {
          // The others are ended all the same: who is last holds the data.
          progress.accept("  " + e.getMessage());
          failures.add(e);
        }
      }
    }
    if (!failures.isEmpty()) {
      IllegalStateException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  private Keeper keeper(String part) {
    lock.lock();
    try {
      Keeper keeper = keepers.get(part);
      if (keeper == null) {
        throw new IllegalArgumentException("No part is named " + part);
      }
      return keeper;
    } finally {
      lock.unlock();
    }
  }

  /** Looks after one part, on a thread of its own. */
  private final class Keeper {

    private final Part part;
    private final List<Keeper> needed;
    private final CompletableFuture<Void> startFailure;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    // Guarded by the supervisor's lock.
    private State state = State.WAITING;
    private Part.@Nullable Run run;
    private int restarts;
    private String lastEnd = "";
    private boolean ending;
    private @Nullable Duration timeToStart;

    private Keeper(Part part, List<Keeper> needed, CompletableFuture<Void> startFailure) {
      this.part = part;
      this.needed = needed;
      this.startFailure = startFailure;
    }

    private void begin() {
      Thread.ofVirtual().name("keeper-" + part.name()).start(this::keep);
    }

    private void keep() {
      try {
        int crashes = 0;
        awaitNeeded();
        while (isWanted()) {
          long start = System.nanoTime();
          String end = runOnce(start);
          if (!isWanted()) {
            break;
          }
          boolean everHealthy = ready.isDone();
          if (everHealthy && System.nanoTime() - start > backoff.forgivenAfter().toNanos()) {
            crashes = 0;
          }
          crashes++;
          if (!everHealthy && crashes >= ATTEMPTS) {
            change(State.FAILED, null);
            fail(new StartFailure(givenUp(end)));
            return;
          }
          Duration wait = backoff.before(crashes);
          change(State.RESTARTING, null);
          progress.accept(
              "  %-16s %s; starting it again in %s s".formatted(part.name(), end, seconds(wait)));
          pause(wait, this::isWanted);
          countRestart(end);
        }
        change(State.ENDED, null);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        fail(e);
        throw e;
      } finally {
        RunRecord.remove(records, part.name());
        fail(new StartFailure(part.name() + " was ended."));
        finished.complete(null);
      }
    }

    /** Tells whoever waits for the start; of no effect once it is healthy. */
    private void fail(RuntimeException reason) {
      if (ready.completeExceptionally(reason)) {
        startFailure.completeExceptionally(reason);
      }
    }

    /** Waits until all that it needs is healthy, or it is not wanted any more. */
    private void awaitNeeded() throws InterruptedException {
      lock.lock();
      try {
        while (isWanted() && !needed.stream().allMatch(each -> each.state == State.HEALTHY)) {
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Waits until the time is over or there is no reason to wait any more. */
    private void pause(Duration time, BooleanSupplier reason) throws InterruptedException {
      lock.lock();
      try {
        long left = time.toNanos();
        while (reason.getAsBoolean() && left > 0) {
          left = changed.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    }

    /** One run from start to end; tells how it ended. */
    private String runOnce(long start) throws InterruptedException {
      change(State.STARTING, null);
      Part.Run current;
      try {
        current = part.start();
      } catch (IOException | UncheckedIOException | IllegalStateException e) {
        return "cannot be started: " + e.getMessage();
      }
      change(State.STARTING, current);
      CompletableFuture<String> exit = current.onExit();
      long deadline = start + limits.start().toNanos();
      while (!exit.isDone() && !isEnding()) {
        if (current.isHealthy()) {
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          change(State.HEALTHY, current);
          progress.accept(
              "  %-16s healthy after %5s s   %s"
                  .formatted(part.name(), seconds(took), part.address()));
          if (!ready.isDone()) {
            noteTimeToStart(took);
            ready.complete(null);
          }
          return watch(current, exit);
        }
        if (System.nanoTime() > deadline && !current.asksForTime()) {
          current.kill();
          awaitExit(exit);
          return "was not healthy after " + limits.start().toSeconds() + " s";
        }
        pause(PROBE_INTERVAL, () -> !isEnding());
      }
      return awaitAskedEnd(current, exit);
    }

    /** Waits for the end of a run that was healthy; ends it when it gives no answer for long. */
    private String watch(Part.Run current, CompletableFuture<String> exit)
        throws InterruptedException {
      Duration interval = limits.interval();
      long answered = System.nanoTime();
      int unanswered = 0;
      while (!isEnding()) {
        if (isDone(exit, interval)) {
          return awaitExit(exit);
        }
        if (current.answers(interval)) {
          answered = System.nanoTime();
          unanswered = 0;
        } else {
          unanswered++;
        }
        if (unanswered >= LEAST_UNANSWERED
            && System.nanoTime() - answered > limits.silence().toNanos()) {
          return endHung(current, exit);
        }
      }
      return awaitAskedEnd(current, exit);
    }

    private String endHung(Part.Run current, CompletableFuture<String> exit)
        throws InterruptedException {
      current.askToEnd();
      if (!isDone(exit, HUNG_END_LIMIT)) {
        current.kill();
      }
      awaitExit(exit);
      return "gave no answer for " + seconds(limits.silence()) + " s and was ended";
    }

    private String awaitAskedEnd(Part.Run current, CompletableFuture<String> exit)
        throws InterruptedException {
      if (isEnding()) {
        // Whoever asked it to end may have done so before this run existed.
        current.askToEnd();
      }
      return awaitExit(exit);
    }

    private static boolean isDone(CompletableFuture<String> exit, Duration limit)
        throws InterruptedException {
      try {
        exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException stillRuns) {
        return false;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }

    private String awaitExit(CompletableFuture<String> exit) throws InterruptedException {
      try {
        return exit.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }

    private String givenUp(String end) {
      StringBuilder message = new StringBuilder();
      message
          .append("%s %s, %d times in a row. ".formatted(part.name(), end, ATTEMPTS))
          .append("The last lines of %s:\n".formatted(part.log()));
      BoundedLog.tail(part.log(), 15)
          .forEach(line -> message.append("    ").append(line).append('\n'));
      return message.toString().stripTrailing();
    }

    private void change(State next, Part.@Nullable Run current) {
      RunRecord record;
      lock.lock();
      try {
        state = next;
        run = current;
        long pid = current == null ? 0 : current.pid();
        record =
            new RunRecord(
                part.name(),
                next,
                pid,
                RunRecord.startOf(pid),
                part.port(),
                part.address(),
                part.healthAddress(),
                restarts,
                lastEnd);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      record.write(records);
    }

    private void countRestart(String end) {
      lock.lock();
      try {
        restarts++;
        lastEnd = end;
      } finally {
        lock.unlock();
      }
    }

    private State state() {
      lock.lock();
      try {
        return state;
      } finally {
        lock.unlock();
      }
    }

    private Part.@Nullable Run run() {
      lock.lock();
      try {
        return run;
      } finally {
        lock.unlock();
      }
    }

    private @Nullable Duration timeToStart() {
      lock.lock();
      try {
        return timeToStart;
      } finally {
        lock.unlock();
      }
    }

    private void noteTimeToStart(Duration took) {
      lock.lock();
      try {
        timeToStart = took;
      } finally {
        lock.unlock();
      }
    }

    /** Whether it is to be started, for the first time or again. */
    private boolean isWanted() {
      lock.lock();
      try {
        return !ending && !closing;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Whether the present run is to end. While everything is being ended it goes on, and is
     * watched, until those that need it are gone.
     */
    private boolean isEnding() {
      lock.lock();
      try {
        return ending;
      } finally {
        lock.unlock();
      }
    }

    /** Asks it to end, and does not wait. */
    private void end() {
      Part.Run current;
      lock.lock();
      try {
        ending = true;
        changed.signalAll();
        current = run;
      } finally {
        lock.unlock();
      }
      if (current != null) {
        current.askToEnd();
      }
    }

    /**
     * Waits for its end, and ends it by force when the time is over. A run that is only being made,
     * such as a database whose files are written, is asked to end as soon as it exists.
     */
    private void awaitEnd(Duration limit) {
      try {
        try {
          finished.get(limit.toMillis(), TimeUnit.MILLISECONDS);
          return;
        } catch (TimeoutException e) {
          Part.Run current = run();
          if (current != null) {
            progress.accept("  %-16s does not end by itself; killing it".formatted(part.name()));
            current.kill();
          }
        }
        finished.get(limits.killed().toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException(part.name() + " cannot be ended", e);
      }
    }
  }

  private static String seconds(Duration duration) {
    return "%.1f".formatted(duration.toMillis() / 1000.0);
  }
}
