package io.mybella.voice.elevenlabs.gate;

import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/** How many requests for speech are under way at the same time: the account has a limit. */
@Component
public class SpeechSlots {

  private final Duration patience;
  private final Semaphore slots;

  SpeechSlots(ElevenLabsProperties properties) {
    this.patience = properties.slotWait();
    this.slots = new Semaphore(properties.concurrency(), true);
  }

  /**
   * Waits for a slot, first come, first served.
   *
   * @return to be closed when ElevenLabs has said all, or nothing
   * @throws ElevenLabsException {@code no_free_slot} when none was free in time
   * @throws IOException when interrupted
   */
  public Slot take(Deadline deadline) throws IOException {
    try {
      if (!slots.tryAcquire(deadline.leftOf(patience).toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ElevenLabsException(ElevenLabsFailure.notAsked("no_free_slot"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a slot", e);
    }
    return new Slot();
  }

  /** The right to one request. */
  public final class Slot implements AutoCloseable {

    private final AtomicBoolean closed = new AtomicBoolean();

    private Slot() {}

    /** Gives it back; harmless when repeated. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        slots.release();
      }
    }
  }
}
