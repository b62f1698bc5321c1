package io.mybella.voice.audio;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Audio that is produced while it is read. Nothing happens before the first {@link #next()}, so a
 * caller can still turn to another voice when that call fails.
 *
 * <p>Used by one thread at a time.
 */
public interface AudioSource extends AutoCloseable {

  /**
   * Waits for the next piece.
   *
   * @return one or more bytes in the format asked for, or {@code null} at the end
   * @throws IOException when the voice cannot go on
   */
  byte @Nullable [] next() throws IOException;

  /** Ends the production and gives back what it holds; harmless when repeated. */
  @Override
  void close();
}
