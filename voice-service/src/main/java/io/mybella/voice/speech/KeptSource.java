package io.mybella.voice.speech;

import io.mybella.voice.audio.AudioSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands on a source whose first piece has been read already, and keeps what it said when complete.
 */
final class KeptSource implements AudioSource {

  private final AudioSource source;
  private final LongPredicate takes;
  private final Consumer<byte[]> keep;
  private byte @Nullable [] first;
  private @Nullable ByteArrayOutputStream said = new ByteArrayOutputStream();

  KeptSource(byte[] first, AudioSource source, LongPredicate takes, Consumer<byte[]> keep) {
    this.first = first;
    this.source = source;
    this.takes = takes;
    this.keep = keep;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] piece = first;
    first = null;
    if (piece == null) {
      piece = source.next();
    }
    if (said != null) {
      if (piece == null) {
        keep.accept(said.toByteArray());
        said = null;
      } else if (takes.test((long) said.size() + piece.length)) {
        said.writeBytes(piece);
      } else {
        said = null;
      }
    }
    return piece;
  }

  @Override
  public void close() {
    source.close();
  }
}
