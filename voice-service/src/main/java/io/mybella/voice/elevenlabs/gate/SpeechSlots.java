package io.mybella.voice.elevenlabs.gate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * How many requests for speech are under way at the same time, of all instances together: that is
 * what the account has a limit of. The slots are leases in the database, first come, first served.
 *
 * <p>One thread of an instance takes its {@linkplain SpeechSlotTable#turn turns} there, for all who
 * want or give back a slot since the last one: at once when there is something to tell or another
 * instance has handed something out, and four times a second while somebody waits. It renews what
 * is held for as long as it is; what a killed instance held is free when its leases end.
 *
 * <p>Without the database there is no slot, and the next voice speaks.
 */
@Component
public class SpeechSlots {

  private static final Logger LOG = LoggerFactory.getLogger(SpeechSlots.class);

  /** The rest between two turns while somebody waits, and while the database is away. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** What ElevenLabs may take to notice that nobody waits for its answer any more. */
  private static final Duration UNNOTICED = Duration.ofMillis(500);

  private final SpeechSlotTable table;
  private final Duration renewal;
  private final Timer granted;
  private final Timer refused;
  private final AtomicBoolean listening = new AtomicBoolean();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Map<UUID, CountDownLatch> waiting = new LinkedHashMap<>();
  private final Set<UUID> held = new HashSet<>();
  private List<UUID> wanted = new ArrayList<>();
  private List<UUID> ended = new ArrayList<>();
  private boolean isTold;
  private boolean isAway;
  private boolean isClosed;
  private @Nullable Thread clerk;
  private volatile int learned;

  SpeechSlots(ElevenLabsProperties properties, SpeechSlotTable table, MeterRegistry metrics) {
    this.table = table;
    this.renewal = properties.slotLease().dividedBy(4);
    this.granted = timer("granted", metrics);
    this.refused = timer("refused", metrics);
    metrics.gauge("mybella.voice.elevenlabs.slots.held", this, SpeechSlots::held);
    metrics.gauge("mybella.voice.elevenlabs.slots.waiting", this, SpeechSlots::waiting);
  }

  private static Timer timer(String outcome, MeterRegistry metrics) {
    return Timer.builder("mybella.voice.elevenlabs.slot.wait")
        .description("Time that requests for speech waited for others to end")
        .tag("outcome", outcome)
        .register(metrics);
  }

  /** How many requests of this instance are under way. */
  int held() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many requests of this instance wait. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a slot, first come, first served.
   *
   * @param limit how long
   * @return to be closed when ElevenLabs has said all, or nothing
   * @throws ElevenLabsException {@code no_free_slot} when none was free in time, {@code
   *     slots_unavailable} when that could not be found out
   * @throws IOException when interrupted
   */
  public Slot take(Duration limit) throws IOException {
    long began = System.nanoTime();
    UUID ticket = UUID.randomUUID();
    CountDownLatch call = queue(ticket);
    boolean called;
    try {
      called = call.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      if (!withdraw(ticket)) {
        giveBack(ticket);
      }
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a slot", e);
    }
    // Who was called at the very last moment has it all the same.
    boolean inVain = !called && withdraw(ticket);
    (inVain ? refused : granted).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    if (inVain) {
      throw new ElevenLabsException(ElevenLabsFailure.notAsked(whyNot()));
    }
    return new Slot(ticket);
  }

  /**
   * Takes over how many requests ElevenLabs says that the account may have under way. A setting may
   * bound it further.
   */
  public void learn(int maximum) {
    if (maximum > 0 && maximum != learned) {
      try {
        table.resize(maximum);
        learned = maximum;
        LOG.info("ElevenLabs allows {} requests for speech at the same time", maximum);
      } catch (DataAccessException e) {
        LOG.warn("The number of slots stays as it was", e);
      }
    }
  }

  /** Gives back what this instance holds, so that others need not wait until it is over. */
  @PreDestroy
  void close() {
    boolean isSomethingLeft;
    lock.lock();
    try {
      isClosed = true;
      ended.addAll(held);
      ended.addAll(waiting.keySet());
      isSomethingLeft = !ended.isEmpty();
      news.signalAll();
    } finally {
      lock.unlock();
    }
    if (isSomethingLeft) {
      takeTurn();
    }
  }

  private CountDownLatch queue(UUID ticket) {
    CountDownLatch call = new CountDownLatch(1);
    lock.lock();
    try {
      waiting.put(ticket, call);
      wanted.add(ticket);
      if (clerk == null) {
        clerk = Thread.ofVirtual().name("speech-slots").start(this::takeTurns);
      }
      news.signalAll();
    } finally {
      lock.unlock();
    }
    return call;
  }

  /** Waits no longer; false when it was called already. */
  private boolean withdraw(UUID ticket) {
    lock.lock();
    try {
      if (waiting.remove(ticket) == null) {
        return false;
      }
      if (!wanted.remove(ticket)) {
        ended.add(ticket);
        news.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(UUID ticket) {
    lock.lock();
    try {
      held.remove(ticket);
      ended.add(ticket);
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private String whyNot() {
    lock.lock();
    try {
      return isAway ? "slots_unavailable" : "no_free_slot";
    } finally {
      lock.unlock();
    }
  }

  private void takeTurns() {
    try {
      while (awaitNews()) {
        takeTurn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it is time for a turn; false when there are no more. */
  private boolean awaitNews() throws InterruptedException {
    lock.lock();
    try {
      while (!isClosed && waiting.isEmpty() && held.isEmpty() && hasNothingToTell()) {
        news.await();
      }
      long rest = (waiting.isEmpty() && !isAway ? renewal : LOOK).toNanos();
      while (!isClosed && rest > 0 && (isAway || hasNothingToTell())) {
        rest = news.awaitNanos(rest);
      }
      isTold = false;
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasNothingToTell() {
    return !isTold && wanted.isEmpty() && ended.isEmpty();
  }

  private void takeTurn() {
    List<UUID> ending;
    List<UUID> wanting;
    lock.lock();
    try {
      ending = ended;
      ended = new ArrayList<>();
      wanting = wanted;
      wanted = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    try {
      took(table.turn(ending, wanting));
    } catch (RuntimeException e) {
      // Whatever it was: without turns nobody would ever get a slot again.
      LOG.warn("No slots for speech while the database is away: {}", e.getMessage());
      tookNone(ending, wanting);
    }
  }

  private void took(Set<UUID> mine) {
    lock.lock();
    try {
      isAway = false;
      for (UUID ticket : mine) {
        CountDownLatch call = waiting.remove(ticket);
        if (call != null) {
          held.add(ticket);
          call.countDown();
        }
      }
      if (!mine.containsAll(held)) {
        LOG.warn("Slots are over whose speech is not: this process stood still for too long");
        held.retainAll(mine);
      }
      if (!waiting.isEmpty() && listening.compareAndSet(false, true)) {
        Thread.ofVirtual().name("speech-slots-news").start(this::listen);
      }
    } finally {
      lock.unlock();
    }
  }

  private void tookNone(List<UUID> ending, List<UUID> wanting) {
    lock.lock();
    try {
      isAway = true;
      ended.addAll(0, ending);
      wanting.retainAll(waiting.keySet());
      wanted.addAll(0, wanting);
    } finally {
      lock.unlock();
    }
  }

  private void listen() {
    try {
      table.listen(() -> waiting() > 0, this::tell);
    } catch (SQLException e) {
      LOG.warn("Slots that other instances hand out are noticed a moment later", e);
    } finally {
      listening.set(false);
    }
  }

  private void tell() {
    lock.lock();
    try {
      isTold = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The right to one request. */
  public final class Slot implements AutoCloseable {

    private final UUID ticket;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Slot(UUID ticket) {
      this.ticket = ticket;
    }

    /**
     * Gives it back in a moment, because the request was broken off, and counts there until that is
     * noticed. Harmless when repeated, or after {@link #close()}.
     */
    public void abandon() {
      CompletableFuture.delayedExecutor(UNNOTICED.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::close);
    }

    /** Gives it back; harmless when repeated. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        giveBack(ticket);
      }
    }
  }
}
