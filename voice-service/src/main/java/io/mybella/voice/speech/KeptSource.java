package io.mybella.voice.speech;

import io.mybella.chassis.http.CallerSlots;
import io.mybella.voice.audio.AudioSource;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Hands on a source whose first piece has been read already, and keeps what it said when complete.
 */
final class KeptSource implements AudioSource {

  private final AudioSource source;
  private final SpeechCache.Collected said;
  private final CallerSlots.Slot place;
  private final AtomicBoolean closed = new AtomicBoolean();
  private byte @Nullable [] first;

  /**
   * @param place given back at the end
   */
  KeptSource(byte[] first, AudioSource source, SpeechCache.Collected said, CallerSlots.Slot place) {
    this.first = first;
    this.source = source;
    this.said = said;
    this.place = place;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] piece = first;
    first = null;
    if (piece == null) {
      piece = source.next();
    }
    if (piece == null) {
      said.keep();
    } else {
      said.add(piece);
    }
    return piece;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        source.close();
      } finally {
        said.drop();
        place.close();
      }
    }
  }
}
