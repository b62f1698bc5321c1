package io.mybella.voice.elevenlabs;

import io.mybella.voice.audio.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Speech as it arrives. Bounded in everything an upstream could get wrong: the wait for each piece,
 * the time of the whole and its size.
 */
final class SpeechStream implements AudioSource {

  /** Half an hour at 128 kbit/s; a text of 5,000 characters lasts about six minutes. */
  private static final long MOST_BYTES = 28L * 1024 * 1024;

  private static final int PIECE_BYTES = 16 * 1024;

  private final InputStream body;
  private final Duration idleTimeout;
  private final Duration total;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Duration nextTimeout;
  private long received;
  private long waitedNanos;

  /**
   * Reads a body.
   *
   * @param firstTimeout for the first piece
   * @param idleTimeout for each later one
   * @param total for all of it, without what the listener takes between two pieces
   * @param onClose run once at the end
   */
  SpeechStream(
      InputStream body,
      Duration firstTimeout,
      Duration idleTimeout,
      Duration total,
      Runnable onClose) {
    this.body = body;
    this.nextTimeout = firstTimeout;
    this.idleTimeout = idleTimeout;
    this.total = total;
    this.onClose = onClose;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    long asked = System.nanoTime();
    byte[] piece = readWithin(nextTimeout);
    waitedNanos += System.nanoTime() - asked;
    nextTimeout = idleTimeout;
    if (piece.length == 0) {
      return null;
    }
    received += piece.length;
    if (received > MOST_BYTES || waitedNanos > total.toNanos()) {
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_endless"));
    }
    return piece;
  }

  private byte[] readWithin(Duration timeout) throws IOException {
    CompletableFuture<byte[]> reading = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                byte[] buffer = new byte[PIECE_BYTES];
                int read = body.read(buffer);
                reading.complete(Arrays.copyOf(buffer, Math.max(read, 0)));
              } catch (IOException e) {
                reading.completeExceptionally(e);
              }
            });
    try {
      return reading.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      close(); // Ends the blocked read as well.
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_timeout"));
    } catch (ExecutionException e) {
      throw new ElevenLabsException(ElevenLabsFailure.of("upstream_cut"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ElevenLabs spoke", e);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        onClose.run();
      }
    }
  }
}
