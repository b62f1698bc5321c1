package io.mybella.voice.engine;

import io.mybella.voice.engine.EngineProperties.WarmUp;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Has the default voice load its models before anybody has to wait for that: not while the platform
 * starts, which needs the processors, but once the machine has been quiet for a while. Whoever has
 * the voice speak earlier makes this needless, and nothing waits for it.
 */
final class VoiceWarmUp implements Runnable, AutoCloseable {

  private final SystemVoice voice;
  private final WarmUp settings;
  private final DoubleSupplier load;
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * @param load share of the processors that was in use since it was last asked for, from 0 to 1;
   *     anything else when that is not known, which counts as busy
   */
  VoiceWarmUp(SystemVoice voice, WarmUp settings, DoubleSupplier load) {
    this.voice = voice;
    this.settings = settings;
    this.load = load;
  }

  /**
   * Takes a thread of its own, none of those that listeners wait for. Its low priority is a hint,
   * which Linux passes over unless the JVM is told otherwise: the wait is what keeps out of the
   * way.
   */
  @EventListener(ApplicationReadyEvent.class)
  @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it.
  void begin() {
    Thread.ofPlatform().name("voice-warm-up").daemon().priority(Thread.MIN_PRIORITY).start(this);
  }

  /** Waits for the right moment and warms the voice; returns without if it is needless by then. */
  @Override
  public void run() {
    try {
      if (comesTheMoment()) {
        voice.warm();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the wait. Models that are being loaded at this moment end with the process. */
  @Override
  public void close() {
    end.countDown();
  }

  private boolean comesTheMoment() throws InterruptedException {
    long begun = System.nanoTime();
    long busy = begun;
    while (!voice.isWarm()) {
      if (end.await(settings.probe().toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      long now = System.nanoTime();
      if (!isQuiet(load.getAsDouble())) {
        busy = now;
      }
      if (now - busy >= settings.quiet().toNanos() || now - begun >= settings.latest().toNanos()) {
        return true;
      }
    }
    return false;
  }

  private boolean isQuiet(double inUse) {
    return inUse >= 0 && inUse <= settings.load();
  }
}
