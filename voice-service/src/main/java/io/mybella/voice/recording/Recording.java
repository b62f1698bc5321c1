package io.mybella.voice.recording;

import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A speech while it is made and afterwards: a temporary file to which one producer adds and that
 * any number of listeners read, each at its own pace. Minutes of sound do not belong on the heap,
 * and a listener costs the producer nothing.
 *
 * <p>The file goes when nobody holds the recording any more: neither its producer, nor those who
 * keep it, nor a listener. When the last listener leaves a recording that grows, its production is
 * cancelled.
 */
final class Recording {

  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  /** Forty minutes at 128 kbit/s, or seven of raw sound at 48 kHz. */
  static final long MOST_BYTES = 40L * 1024 * 1024;

  /** How often it is looked whether somebody who waits is still there. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private enum State {
    GROWING,
    WHOLE,
    /** What there is can be heard, then comes the failure. */
    BROKEN,
    /** Nothing is heard any more. */
    ENDED
  }

  private final SpeechKey key;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private UUID id;
  private boolean known;
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private State state = State.GROWING;
  private long length;
  private @Nullable IOException failure;
  private int holders = 1;
  private int listeners;
  private boolean underWay;
  private Runnable cancellation = () -> {};

  /** An empty recording, held by its producer. */
  Recording(UUID id, SpeechKey key) {
    this.id = id;
    this.key = key;
  }

  SpeechKey key() {
    return key;
  }

  /** What it is known by; settled when there is something to hear. */
  UUID id() {
    return locked(() -> id);
  }

  /** Whether it had been spoken before; settled when there is something to hear. */
  boolean isKnown() {
    return locked(() -> known);
  }

  /** How long it is in bytes, when it is whole. */
  OptionalLong whole() {
    return locked(() -> state == State.WHOLE ? OptionalLong.of(length) : OptionalLong.empty());
  }

  /** How much of it there is, in bytes. */
  long length() {
    return locked(() -> length);
  }

  /** Whether it is of no use to go on with it. */
  boolean isDeserted() {
    return locked(() -> listeners == 0 || state != State.GROWING);
  }

  /** Whether its voice is at work, and waits for nothing but itself. */
  boolean isUnderWay() {
    return locked(() -> underWay);
  }

  // The producer's side.

  /** Says that the voice waits for its turn no longer. */
  void turnHasCome() {
    locked(() -> underWay = true);
  }

  /** Says what ends the production when nobody listens any more. */
  void onCancel(Runnable cancellation) {
    this.cancellation = cancellation;
  }

  /** Says that this was spoken before and is known by another id. Before the first piece. */
  void recognize(UUID known) {
    lock.lock();
    try {
      this.id = known;
      this.known = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a piece.
   *
   * @throws IOException when there is no room for it, or it is too much
   */
  void append(byte[] piece) throws IOException {
    if (length + piece.length > MOST_BYTES) {
      throw new IOException("a speech without an end");
    }
    if (out == null) {
      Path made = Files.createTempFile("speech-", "");
      out = Files.newOutputStream(made);
      locked(() -> file = made);
    }
    out.write(piece);
    lock.lock();
    try {
      length += piece.length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says that this was the last piece.
   *
   * @return false when it was ended meanwhile
   */
  boolean finish() throws IOException {
    closeFile();
    lock.lock();
    try {
      if (state == State.GROWING) {
        state = State.WHOLE;
        changed.signalAll();
      }
      return state == State.WHOLE;
    } finally {
      lock.unlock();
    }
  }

  /** Says that there will be no more, and why. */
  void fail(IOException why) {
    try {
      closeFile();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
    lock.lock();
    try {
      if (state == State.GROWING) {
        state = State.BROKEN;
        failure = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeFile() throws IOException {
    if (out != null) {
      out.close();
    }
  }

  // Who keeps it.

  /** Ends it for all who listen, whole or not; nobody hears any more of it. */
  void end(IOException why) {
    boolean producing;
    lock.lock();
    try {
      producing = state == State.GROWING;
      state = State.ENDED;
      failure = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (producing) {
      cancellation.run();
    }
  }

  /** Keeps the file. */
  void hold() {
    locked(() -> holders++);
  }

  /** Lets go of it, once for the producer and once for each time it was held. */
  void release() {
    if (locked(() -> --holders) == 0) {
      remove();
    }
  }

  /** All of it, for one who holds it when it is whole. */
  byte[] content() throws IOException {
    return Files.readAllBytes(path());
  }

  private void remove() {
    Path made = locked(() -> file);
    try {
      if (made != null) {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      LOG.warn("A temporary file stays: {}", made, e);
    }
  }

  // The listeners' side.

  /** Takes part; empty when there is nothing to hear any more. */
  Optional<Listening> join(Listener listener) {
    lock.lock();
    try {
      if (holders == 0 || (state != State.GROWING && state != State.WHOLE)) {
        return Optional.empty();
      }
      holders++;
      listeners++;
      return Optional.of(new Listening(this, listener));
    } finally {
      lock.unlock();
    }
  }

  /** A listener leaves; the last one ends what is still being made. */
  void leave() {
    boolean last;
    lock.lock();
    try {
      listeners--;
      last = listeners == 0 && state == State.GROWING;
      if (last) {
        state = State.ENDED;
        failure = new ListenerGoneException();
      }
    } finally {
      lock.unlock();
    }
    if (last) {
      cancellation.run();
    }
    release();
  }

  /**
   * Waits until there is more than so much.
   *
   * @param position how much the listener has; negative for one who may still turn to another voice
   * @param limit until when to wait
   * @return how much there is; as much as the position at the end, or when nothing came in time
   * @throws ListenerGoneException when the listener leaves while it waits
   * @throws IOException when there will be no more, and why
   */
  long await(long position, Listener listener, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      lock.lock();
      try {
        // What broke before anything was heard of it gives way to another voice.
        if (state == State.ENDED
            || (state == State.BROKEN && (position < 0 || position == length))) {
          throw failure();
        }
        if (length > Math.max(position, 0) || state == State.WHOLE) {
          return length;
        }
        long left = Math.min(end - System.nanoTime(), LOOK.toNanos());
        if (left <= 0) {
          return Math.max(position, 0);
        }
        changed.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while listening", e);
      } finally {
        lock.unlock();
      }
      if (listener.isGone()) {
        throw new ListenerGoneException();
      }
    }
  }

  Path path() {
    Path made = locked(() -> file);
    if (made == null) {
      throw new IllegalStateException("nothing was said yet");
    }
    return made;
  }

  private IOException failure() {
    return failure == null ? new IOException("the speech broke off") : failure;
  }

  private <T extends @Nullable Object> T locked(Supplier<T> read) {
    lock.lock();
    try {
      return read.get();
    } finally {
      lock.unlock();
    }
  }
}
