package io.mybella.voice.job;

import io.mybella.chassis.id.IdGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Has the jobs of the queue spoken, so many at a time in this process; other processes speak others
 * at the same time. A job is held by a lease that is renewed while it is spoken.
 */
@Component
class JobWorkers implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(JobWorkers.class);

  /** How long an end waits for jobs to be given back; those that are not are taken up later. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final JobRepository rows;
  private final JobWork work;
  private final JobBell bell;
  private final JobProperties properties;
  private final IdGenerator ids;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Hold, Boolean> holds = new ConcurrentHashMap<>();
  private volatile boolean running;

  JobWorkers(
      JobRepository rows, JobWork work, JobBell bell, JobProperties properties, IdGenerator ids) {
    this.rows = rows;
    this.work = work;
    this.bell = bell;
    this.properties = properties;
    this.ids = ids;
  }

  @Override
  public synchronized void start() {
    if (properties.workers() == 0) {
      return;
    }
    running = true;
    for (int i = 0; i < properties.workers(); i++) {
      threads.add(Thread.ofVirtual().name("speech-job-" + i).start(this::run));
    }
    threads.add(Thread.ofVirtual().name("speech-job-leases").start(this::renewLeases));
  }

  @Override
  public synchronized void stop() {
    if (!running) {
      return;
    }
    running = false;
    // What is being said is cut off; its job is given back as it is.
    holds.keySet().forEach(Hold::lose);
    threads.getLast().interrupt();
    bell.ring(properties.workers());
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

  /** Ends before the relay of the outbox, which sends the last news. */
  @Override
  public int getPhase() {
    return 1;
  }

  private void run() {
    boolean blind = false;
    while (running) {
      boolean found = false;
      try {
        found = turn();
        blind = false;
      } catch (RuntimeException | Error failed) {
        // The database is away, say: the jobs stay.
        if (!blind) {
          log.warn("No worker sees whether there are jobs", failed);
        }
        blind = true;
      }
      try {
        if (!found) {
          bell.await(properties.poll());
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Has one job spoken; whether there was one. */
  private boolean turn() {
    Optional<Claim> claimed = rows.claim(ids.next(), properties.lease());
    claimed.ifPresent(
        claim -> {
          Hold hold = new Hold(claim);
          holds.put(hold, true);
          try {
            work.work(claim, hold);
          } finally {
            holds.remove(hold);
          }
          if (!running) {
            // Without effect on one that has ended.
            rows.giveBack(claim);
          }
        });
    return claimed.isPresent();
  }

  private void renewLeases() {
    try {
      while (running) {
        Thread.sleep(properties.lease().dividedBy(3));
        holds.keySet().forEach(Hold::renew);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a worker knows of its right to a job. */
  private final class Hold implements JobWork.Held {

    private final Claim claim;
    private volatile boolean lost;

    private Hold(Claim claim) {
      this.claim = claim;
    }

    @Override
    public boolean isLost() {
      return lost;
    }

    @Override
    public void confirm() throws JobWork.NotMineException {
      if (lost || !rows.renew(claim, properties.lease())) {
        lost = true;
        throw new JobWork.NotMineException();
      }
    }

    private void lose() {
      lost = true;
    }

    private void renew() {
      try {
        lost |= !rows.renew(claim, properties.lease());
      } catch (RuntimeException away) {
        // Whether the job is still this worker's is found out when its next piece is stored.
        log.warn("The lease of {} was not renewed: {}", claim, away.getMessage());
      }
    }
  }
}
