package io.mybella.voice.elevenlabs.speech;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.WavSpool;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Raw samples in, a WAV file out. */
final class WavOf implements AudioSource {

  private final AudioSource samples;
  private final int sampleRate;
  private final Listener listener;
  private @Nullable WavSpool spool;

  WavOf(AudioSource samples, int sampleRate, Listener listener) {
    this.samples = samples;
    this.sampleRate = sampleRate;
    this.listener = listener;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    if (spool == null) {
      spool = new WavSpool(sampleRate);
      for (byte[] piece = samples.next(); piece != null; piece = samples.next()) {
        if (listener.isGone()) {
          throw new ListenerGoneException();
        }
        spool.add(piece);
      }
      samples.close();
    }
    return spool.next();
  }

  @Override
  public void close() {
    samples.close();
    if (spool != null) {
      spool.close();
    }
  }
}
