package io.mybella.voice.speech;

import io.mybella.chassis.http.CallerSlots;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.recording.Listening;
import org.jspecify.annotations.Nullable;

/**
 * A speech whose first sound is there.
 *
 * @param audio the sound
 * @param fallback why better voices do not speak; {@code null} when none was passed over
 * @param cached whether it had been spoken before
 * @param place what it takes among those that are heard, given back at the end
 */
public record Speech(
    Listening audio, @Nullable String fallback, boolean cached, CallerSlots.Slot place)
    implements AutoCloseable {

  /** Format of the bytes. */
  public SpeechFormat format() {
    return audio.key().format();
  }

  /** Which voice speaks, as the contract names it. */
  public String source() {
    return audio.key().source();
  }

  /** Ends the speech, complete or not. */
  @Override
  public void close() {
    try {
      audio.close();
    } finally {
      place.close();
    }
  }
}
