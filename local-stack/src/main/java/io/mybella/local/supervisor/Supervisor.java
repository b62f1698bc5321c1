package io.mybella.local.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a set of parts running. A part that crashes is started again, each time after a longer
 * wait; one that crashes three times before it was ever healthy is given up.
 *
 * <p>What runs is written down in a folder, for {@code status}, and for the case that the
 * supervisor itself is killed.
 */
public final class Supervisor implements AutoCloseable {

  private static final int ATTEMPTS = 3;
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);
  private static final Duration END_LIMIT = Duration.ofSeconds(35);

  private final Path records;
  private final Backoff backoff;
  private final Duration startLimit;
  private final Consumer<String> progress;
  private final Map<String, Keeper> keepers = new HashMap<>();
  private final List<List<Keeper>> stages = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closing;

  /**
   * A supervisor without parts.
   *
   * @param records folder for the records of what runs
   * @param backoff the waits before a crashed part is started again
   * @param startLimit how long a part may take to become healthy
   * @param progress gets a line for people when something happens
   */
  public Supervisor(Path records, Backoff backoff, Duration startLimit, Consumer<String> progress) {
    this.records = records;
    this.backoff = backoff;
    this.startLimit = startLimit;
    this.progress = progress;
  }

  /**
   * Starts parts side by side and waits until all are healthy. What was started before stays.
   *
   * @param stages the parts. They are ended later stage by stage, the last stage first, and those
   *     of one stage side by side.
   * @throws StartFailure when one of them does not become healthy
   */
  @SafeVarargs
  public final void start(List<? extends Part>... stages) {
    List<Keeper> started = new ArrayList<>();
    CompletableFuture<Void> failure = new CompletableFuture<>();
    lock.lock();
    try {
      if (closing) {
        throw new StartFailure("The stack is being ended.");
      }
      for (List<? extends Part> parts : stages) {
        List<Keeper> stage = new ArrayList<>();
        for (Part part : parts) {
          Keeper keeper = new Keeper(part, failure);
          if (keepers.putIfAbsent(part.name(), keeper) != null) {
            throw new IllegalArgumentException("Two parts with the name " + part.name());
          }
          stage.add(keeper);
        }
        this.stages.add(stage);
        started.addAll(stage);
      }
    } finally {
      lock.unlock();
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

  /** The state of a part. */
  public State state(String part) {
    return keeper(part).state();
  }

  /** The process id of a part's present run; -1 when none runs. */
  public long pid(String part) {
    Part.Run run = keeper(part).run();
    return run == null ? -1 : run.pid();
  }

  /** How often a part was started again after a crash. */
  public int restarts(String part) {
    return keeper(part).restarts();
  }

  /** Ends a part's process at once, as a crash would. It is started again. */
  public void kill(String part) {
    Part.Run run = keeper(part).run();
    if (run != null) {
      run.kill();
    }
  }

  /** Ends a part in an orderly way and keeps it from being started until {@link #release}. */
  public void hold(String part) {
    Keeper keeper = keeper(part);
    keeper.hold(true);
    keeper.end();
    keeper.awaitEnd(END_LIMIT);
  }

  /** Lets a part that was on hold start again. */
  public void release(String part) {
    keeper(part).hold(false);
  }

  /** Ends everything, stage by stage, and waits for its end. */
  @Override
  public void close() {
    List<List<Keeper>> reversed;
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      reversed = new ArrayList<>(stages).reversed();
    } finally {
      lock.unlock();
    }
    for (List<Keeper> stage : reversed) {
      stage.forEach(Keeper::end);
      stage.forEach(keeper -> keeper.awaitEnd(END_LIMIT));
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

  /** Waits until the time is over or something changed that ends the waiting. */
  private void pause(Duration time, Keeper keeper) throws InterruptedException {
    lock.lock();
    try {
      long left = time.toNanos();
      while (!closing && !keeper.held && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /** Looks after one part, on a thread of its own. */
  private final class Keeper {

    private final Part part;
    private final CompletableFuture<Void> startFailure;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    // Guarded by the supervisor's lock.
    private State state = State.WAITING;
    private Part.@Nullable Run run;
    private int restarts;
    private boolean held;

    private Keeper(Part part, CompletableFuture<Void> startFailure) {
      this.part = part;
      this.startFailure = startFailure;
    }

    private void begin() {
      Thread.ofVirtual().name("keeper-" + part.name()).start(this::keep);
    }

    private void keep() {
      try {
        int crashes = 0;
        while (awaitPermission()) {
          long start = System.nanoTime();
          String end = runOnce(start);
          if (isClosing()) {
            break;
          }
          if (isHeld()) {
            crashes = 0;
            continue;
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
          pause(wait, this);
          countRestart();
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

    /** Waits while on hold; false when the supervisor is closing. */
    private boolean awaitPermission() throws InterruptedException {
      lock.lock();
      try {
        while (held && !closing) {
          state = State.ENDED;
          changed.await();
        }
        return !closing;
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
      long deadline = start + startLimit.toNanos();
      while (!exit.isDone() && !isClosing() && !isHeld()) {
        if (current.isHealthy()) {
          change(State.HEALTHY, current);
          progress.accept(
              "  %-16s healthy after %5s s   %s"
                  .formatted(
                      part.name(),
                      seconds(Duration.ofNanos(System.nanoTime() - start)),
                      part.address()));
          ready.complete(null);
          break;
        }
        if (System.nanoTime() > deadline) {
          current.kill();
          awaitExit(exit);
          return "was not healthy after " + startLimit.toSeconds() + " s";
        }
        pause(PROBE_INTERVAL, this);
      }
      if (isClosing() || isHeld()) {
        // Whoever asked everything to end may have done so before this run existed.
        current.askToEnd();
      }
      return awaitExit(exit);
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
                restarts);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      record.write(records);
    }

    private void countRestart() {
      lock.lock();
      try {
        restarts++;
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

    private int restarts() {
      lock.lock();
      try {
        return restarts;
      } finally {
        lock.unlock();
      }
    }

    private boolean isHeld() {
      lock.lock();
      try {
        return held;
      } finally {
        lock.unlock();
      }
    }

    private void hold(boolean hold) {
      lock.lock();
      try {
        held = hold;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      Part.Run current = run();
      if (current != null) {
        current.askToEnd();
      }
    }

    /** Waits for the end of the present run, and ends it by force when the time is over. */
    private void awaitEnd(Duration limit) {
      Part.Run current = run();
      try {
        if (current != null) {
          try {
            current.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
          } catch (TimeoutException e) {
            progress.accept("  %-16s does not end by itself; killing it".formatted(part.name()));
            current.kill();
          }
        }
        if (isClosing()) {
          finished.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
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
