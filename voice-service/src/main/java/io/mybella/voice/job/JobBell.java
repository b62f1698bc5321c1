package io.mybella.voice.job;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells the workers of this process that there is a job, so that they need not look all the time.
 */
@Component
class JobBell {

  private final Semaphore rings = new Semaphore(0);

  /** Rings when the transaction that is open has committed. */
  void ringAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            ring(1);
          }
        });
  }

  /** Wakes that many workers. */
  void ring(int workers) {
    // More than there can be workers is of no use, and must not add up where there are none.
    if (rings.availablePermits() < 64) {
      rings.release(workers);
    }
  }

  /** Waits for a ring, for so long at most. */
  boolean await(Duration limit) throws InterruptedException {
    return rings.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
