package io.mybella.voice.recording;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One listener's part in a recording, which goes on at its own pace whether or not this is read. To
 * be closed: the last listener who leaves ends what is still being made.
 *
 * <p>Used by one thread at a time, the one that may ask whether the listener is gone.
 */
public final class Listening implements AudioSource {

  private static final int PIECE_BYTES = 16 * 1024;

  /** Where a listener is who has heard nothing and may be given another voice. */
  private static final long BEFORE_IT = -1;

  private static final Duration LONGEST_SPEECH = Duration.ofHours(1);

  private final Recording recording;
  private final Listener listener;
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable InputStream in;
  private long position;
  private long end = Long.MAX_VALUE;

  Listening(Recording recording, Listener listener) {
    this.recording = recording;
    this.listener = listener;
  }

  /**
   * Waits for the first sound.
   *
   * @param limit how long
   * @return whether it is there
   * @throws ListenerGoneException when the listener leaves meanwhile
   * @throws IOException when there will be none, and why
   */
  public boolean begins(Duration limit) throws IOException {
    return recording.await(BEFORE_IT, listener, limit) > 0;
  }

  /** Whether its voice is at work, and waits for nothing but itself. */
  boolean isUnderWay() {
    return recording.isUnderWay();
  }

  /** What the recording is known by, once there is something to hear. */
  public UUID id() {
    return recording.id();
  }

  /** Where the voice comes from, as the contract names it. */
  public SpeechKey key() {
    return recording.key();
  }

  /** Whether it had been spoken before, once there is something to hear. */
  public boolean isKnown() {
    return recording.isKnown();
  }

  /** How long all of it is, in bytes, when it is whole. */
  public OptionalLong whole() {
    return recording.whole();
  }

  /**
   * Has only a part of it heard. Before the first {@link #next()}.
   *
   * @param from the first byte, from 0
   * @param to the last byte
   */
  public void only(long from, long to) {
    position = from;
    end = to + 1;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    if (position >= end) {
      return null;
    }
    long there = Math.min(end, recording.await(position, listener, LONGEST_SPEECH));
    int most = (int) Math.min(PIECE_BYTES, there - position);
    if (most == 0) {
      return null;
    }
    byte[] piece = file().readNBytes(most);
    position += piece.length;
    return piece;
  }

  private InputStream file() throws IOException {
    if (in == null) {
      // Not by a channel: that would be closed for good when its reader is interrupted.
      in = new FileInputStream(recording.path().toFile());
      in.skipNBytes(position);
    }
    return in;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        if (in != null) {
          in.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        recording.leave();
      }
    }
  }
}
