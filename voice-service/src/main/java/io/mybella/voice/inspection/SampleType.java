package io.mybella.voice.inspection;

/** The kinds of sound files that are accepted as samples. */
public enum SampleType {
  /** MPEG audio, layer III. */
  MP3("mp3", "audio/mpeg", "mp3"),
  /** RIFF/WAVE. */
  WAV("wav", "audio/wav", "wav"),
  /** Ogg with Vorbis, Opus or FLAC. */
  OGG("ogg", "audio/ogg", "ogg"),
  /** MPEG-4 audio, in fragments too, as browsers record it. */
  M4A("m4a", "audio/mp4", "mov"),
  /** WebM, as browsers record it. */
  WEBM("webm", "audio/webm", "matroska"),
  /** FLAC. */
  FLAC("flac", "audio/flac", "flac");

  private final String extension;
  private final String mediaType;
  private final String demuxer;

  SampleType(String extension, String mediaType, String demuxer) {
    this.extension = extension;
    this.mediaType = mediaType;
    this.demuxer = demuxer;
  }

  /** Ending of a stored name, without the dot. */
  public String extension() {
    return extension;
  }

  /** Media type. */
  public String mediaType() {
    return mediaType;
  }

  /** What ffmpeg calls the one part of it that reads such files. */
  public String demuxer() {
    return demuxer;
  }
}
