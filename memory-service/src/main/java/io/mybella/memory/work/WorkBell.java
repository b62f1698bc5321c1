package io.mybella.memory.work;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells the worker of this process that there is work, so that it need not look all the time. */
@Component
class WorkBell {

  private final Map<WorkKind, Semaphore> rings = new ConcurrentHashMap<>();

  /** Rings when the transaction that is open has committed. */
  void ringAfterCommit(WorkKind kind) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            ring(kind);
          }
        });
  }

  void ring(WorkKind kind) {
    of(kind).release();
  }

  /** Waits for a ring since the last call, for so long at most. */
  void await(WorkKind kind, Duration limit) throws InterruptedException {
    Semaphore rings = of(kind);
    if (rings.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      rings.drainPermits();
    }
  }

  private Semaphore of(WorkKind kind) {
    return rings.computeIfAbsent(kind, _ -> new Semaphore(0));
  }
}
