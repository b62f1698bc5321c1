package io.mybella.memory.work;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.memory.work.WorkLedger.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Has the work of the ledger done: one piece of each kind at a time in this process, for a turn,
 * then the one that has waited longest. Other replicas do others at the same time.
 */
@Component
class Workers implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Workers.class);

  /** How long an end waits for turns to be given back; those that are not are taken up later. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final List<WorkHandler> handlers;
  private final WorkLedger ledger;
  private final WorkBell bell;
  private final WorkMetrics metrics;
  private final IdGenerator ids;
  private final WorkProperties properties;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running;

  Workers(
      List<WorkHandler> handlers,
      WorkLedger ledger,
      WorkBell bell,
      WorkMetrics metrics,
      IdGenerator ids,
      WorkProperties properties) {
    this.handlers = handlers.stream().filter(properties::isDoneHere).toList();
    this.ledger = ledger;
    this.bell = bell;
    this.metrics = metrics;
    this.ids = ids;
    this.properties = properties;
    Set<WorkKind> kinds = new HashSet<>();
    for (WorkHandler handler : handlers) {
      if (!kinds.add(handler.kind())) {
        throw new IllegalArgumentException("Two handlers of " + handler.kind());
      }
    }
  }

  @Override
  public synchronized void start() {
    running = true;
    for (WorkHandler handler : handlers) {
      threads.add(
          Thread.ofVirtual().name("work-" + handler.kind().name()).start(() -> run(handler)));
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
    handlers.forEach(handler -> bell.ring(handler.kind()));
    long deadline = System.nanoTime() + GRACE.toNanos();
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    threads.clear();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Ends before the relay of the outbox, which sends the last receipts. */
  @Override
  public int getPhase() {
    return 1;
  }

  private void run(WorkHandler handler) {
    boolean blind = false;
    while (running) {
      boolean found = false;
      try {
        found = turn(handler);
        blind = false;
      } catch (RuntimeException | Error failed) {
        // The database is away, say: the work stays.
        if (!blind) {
          log.warn(
              "Nobody sees whether there is work of the kind {}", handler.kind().name(), failed);
        }
        blind = true;
      }
      if (!found && !rest(handler.kind())) {
        return;
      }
    }
  }

  private boolean rest(WorkKind kind) {
    try {
      bell.await(kind, properties.pollInterval());
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Has one piece of work done; whether there was one. */
  private boolean turn(WorkHandler handler) {
    Optional<Claim> claimed = ledger.claim(handler.kind(), ids.next(), properties.lease());
    claimed.ifPresent(claim -> work(handler, claim));
    return claimed.isPresent();
  }

  private void work(WorkHandler handler, Claim claim) {
    WorkResult result;
    try {
      result = handler.handle(claim.subject(), turn(claim.attempts()));
    } catch (RuntimeException | Error failed) {
      metrics.failed(handler.kind());
      Duration pause = properties.pauseAfter(claim.attempts());
      log.warn(
          "Work {} of the kind {} failed in attempt {}, and rests for {}",
          claim.id(),
          handler.kind().name(),
          claim.attempts(),
          pause,
          failed);
      ledger.failed(claim, pause);
      return;
    }
    switch (result) {
      case WorkResult.Done() -> ledger.done(claim);
      case WorkResult.Unfinished() -> ledger.unfinished(claim);
      case WorkResult.Later(var dueAt) -> ledger.later(claim, dueAt);
    }
  }

  private Turn turn(int attempt) {
    long end = System.nanoTime() + properties.turn().toNanos();
    return new Turn() {
      @Override
      public boolean isOver() {
        return !running || System.nanoTime() - end >= 0;
      }

      @Override
      public int attempt() {
        return attempt;
      }
    };
  }
}
