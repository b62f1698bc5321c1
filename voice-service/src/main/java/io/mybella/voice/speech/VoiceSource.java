package io.mybella.voice.speech;

import java.util.Locale;

/** Where a voice comes from, best first. */
public enum VoiceSource {
  /** A clone of an uploaded sample. */
  CUSTOM,
  /** A preset of ElevenLabs. */
  PRESET,
  /** The system default voice. */
  DEFAULT;

  /** As the contract names it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
