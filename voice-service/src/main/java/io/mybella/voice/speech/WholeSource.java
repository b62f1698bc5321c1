package io.mybella.voice.speech;

import io.mybella.voice.audio.AudioSource;
import org.jspecify.annotations.Nullable;

/** Audio that is there as a whole. */
final class WholeSource implements AudioSource {

  private byte @Nullable [] audio;

  WholeSource(byte[] audio) {
    this.audio = audio;
  }

  @Override
  public byte @Nullable [] next() {
    byte[] whole = audio;
    audio = null;
    return whole;
  }

  @Override
  public void close() {
    audio = null;
  }
}
