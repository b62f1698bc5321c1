package io.mybella.voice.inspection;

/** The kinds of sound files that are accepted as samples. */
public enum SampleType {
  /** MPEG audio, layer III. */
  MP3("mp3", "audio/mpeg"),
  /** RIFF/WAVE. */
  WAV("wav", "audio/wav"),
  /** Ogg with Vorbis, Opus or FLAC. */
  OGG("ogg", "audio/ogg"),
  /** MPEG-4 audio. */
  M4A("m4a", "audio/mp4"),
  /** FLAC. */
  FLAC("flac", "audio/flac");

  private final String extension;
  private final String mediaType;

  SampleType(String extension, String mediaType) {
    this.extension = extension;
    this.mediaType = mediaType;
  }

  /** Ending of a stored name, without the dot. */
  public String extension() {
    return extension;
  }

  /** Media type. */
  public String mediaType() {
    return mediaType;
  }
}
