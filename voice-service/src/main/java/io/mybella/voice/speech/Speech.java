package io.mybella.voice.speech;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.SpeechFormat;
import org.jspecify.annotations.Nullable;

/**
 * A speech whose first sound is there.
 *
 * @param source which voice speaks
 * @param fallback why better voices do not; {@code null} when none was passed over
 * @param cached whether it had been spoken before
 * @param format of the bytes
 * @param audio the sound
 */
public record Speech(
    VoiceSource source,
    @Nullable String fallback,
    boolean cached,
    SpeechFormat format,
    AudioSource audio)
    implements AutoCloseable {

  /** Ends the speech, complete or not. */
  @Override
  public void close() {
    audio.close();
  }
}
