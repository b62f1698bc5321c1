package io.mybella.voice.inspection;

import java.time.Duration;
import java.util.Map;
import org.apache.tika.Tika;
import org.jspecify.annotations.Nullable;

/**
 * Judges a file by its content alone: first its magic bytes, then its structure from the first byte
 * to the last. Nothing is executed, followed or decoded, so a playlist or a reference to another
 * file has no effect but a refusal, and the cost is linear in the size of the file. The duration of
 * MP3, WAV and FLAC is counted; that of the others nobody knows who does not decode them.
 */
public final class SoundInspection {

  private static final Tika TIKA = new Tika();

  /** What Tika calls the kinds that are accepted. */
  private static final Map<String, SampleType> TYPES =
      Map.ofEntries(
          Map.entry("audio/mpeg", SampleType.MP3),
          Map.entry("audio/vnd.wave", SampleType.WAV),
          Map.entry("audio/ogg", SampleType.OGG),
          Map.entry("audio/vorbis", SampleType.OGG),
          Map.entry("audio/opus", SampleType.OGG),
          Map.entry("audio/x-oggflac", SampleType.OGG),
          Map.entry("application/ogg", SampleType.OGG),
          Map.entry("audio/mp4", SampleType.M4A),
          Map.entry("application/mp4", SampleType.M4A),
          Map.entry("video/mp4", SampleType.M4A),
          // A file in fragments, of a brand that Tika does not know.
          Map.entry("video/quicktime", SampleType.M4A),
          Map.entry("audio/webm", SampleType.WEBM),
          Map.entry("video/webm", SampleType.WEBM),
          Map.entry("application/x-matroska", SampleType.WEBM),
          Map.entry("video/x-matroska", SampleType.WEBM),
          Map.entry("audio/x-flac", SampleType.FLAC));

  private SoundInspection() {}

  /**
   * Finds out what a file is.
   *
   * @throws MalformedSoundException when it is none of the accepted kinds, or broken
   */
  public static Sound inspect(byte[] file) throws MalformedSoundException {
    String detected = TIKA.detect(file);
    SampleType type = TYPES.get(detected);
    if (type == null) {
      throw new MalformedSoundException("magic bytes of " + detected);
    }
    Bytes bytes = new Bytes(file);
    try {
      @Nullable Duration duration =
          switch (type) {
            case MP3 -> Mp3Structure.duration(bytes);
            case WAV -> WavStructure.duration(bytes);
            case FLAC -> FlacStructure.duration(bytes);
            case OGG -> {
              OggStructure.check(bytes);
              yield null;
            }
            case M4A -> {
              Mp4Structure.check(bytes);
              yield null;
            }
            case WEBM -> {
              WebmStructure.check(bytes);
              yield null;
            }
          };
      return new Sound(type, duration);
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedSoundException(type + " ends too early");
    }
  }
}
