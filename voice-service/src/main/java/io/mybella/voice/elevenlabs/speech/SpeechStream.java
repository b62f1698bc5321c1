package io.mybella.voice.elevenlabs.speech;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
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
  private final @Nullable String requestId;
  private final Duration idleTimeout;
  private final Duration total;
  private final AtomicBoolean closed = new AtomicBoolean();
  private byte @Nullable [] first;
  private long received;
  private long waitedNanos;

  /**
   * Reads a body.
   *
   * @param idleTimeout for each piece
   * @param total for all of it
   * @param requestId of the request, when ElevenLabs said it
   */
  SpeechStream(InputStream body, Duration idleTimeout, Duration total, @Nullable String requestId) {
    this.body = body;
    this.requestId = requestId;
    this.idleTimeout = idleTimeout;
    this.total = total;
  }

  /**
   * Waits for the first piece, which {@link #next()} will give.
   *
   * @return false when there is none
   */
  boolean begin(Duration timeout) throws IOException {
    first = next(timeout);
    return first != null;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] begun = first;
    first = null;
    return begun == null ? next(idleTimeout) : begun;
  }

  private byte @Nullable [] next(Duration timeout) throws IOException {
    long asked = System.nanoTime();
    byte[] piece = readWithin(timeout);
    waitedNanos += System.nanoTime() - asked;
    if (piece.length == 0) {
      return null;
    }
    received += piece.length;
    if (received > MOST_BYTES || waitedNanos > total.toNanos()) {
      throw failed("upstream_endless");
    }
    return piece;
  }

  private ElevenLabsException failed(String reason) {
    return new ElevenLabsException(ElevenLabsFailure.of(reason), requestId);
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
      throw failed("upstream_timeout");
    } catch (ExecutionException e) {
      throw failed("upstream_cut");
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
      }
    }
  }
}
