package io.mybella.voice.audio;

/** The formats speech is delivered in. */
public enum SpeechFormat {
  /** MPEG-1 layer III, mono, 64 kbit/s from the default voice; the default. */
  MP3("audio/mpeg"),
  /** RIFF/WAVE, 16-bit PCM, mono. */
  WAV("audio/wav");

  private final String mediaType;

  SpeechFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The media type for a {@code Content-Type} header. */
  public String mediaType() {
    return mediaType;
  }
}
