package io.mybella.fakeelevenlabs;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is asked for with {@code output_format}.
 *
 * @param container {@code mp3}, {@code pcm} or {@code wav}
 * @param sampleRate samples per second
 * @param kilobits of MP3, a second; 0 for the others
 */
record OutputFormat(String container, int sampleRate, int kilobits) {

  static final OutputFormat DEFAULT = new OutputFormat("mp3", 44_100, 128);

  private static final int STUDIO_RATE = 44_100;
  private static final int HIGHEST_KILOBITS = 192;

  private static final Set<String> MP3 =
      Set.of(
          "mp3_22050_32",
          "mp3_24000_48",
          "mp3_44100_32",
          "mp3_44100_64",
          "mp3_44100_96",
          "mp3_44100_128",
          "mp3_44100_192");

  private static final Pattern SAMPLES =
      Pattern.compile("(pcm|wav)_(8000|16000|22050|24000|32000|44100|48000)");

  /** The format of that name; none for one that ElevenLabs or its stand-in does not have. */
  static Optional<OutputFormat> of(String name) {
    Matcher samples = SAMPLES.matcher(name);
    if (samples.matches()) {
      return Optional.of(new OutputFormat(samples.group(1), Integer.parseInt(samples.group(2)), 0));
    }
    if (!MP3.contains(name)) {
      return Optional.empty();
    }
    String[] parts = name.split("_", -1);
    return Optional.of(
        new OutputFormat("mp3", Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
  }

  String mediaType() {
    return switch (container) {
      case "mp3" -> "audio/mpeg";
      case "wav" -> "audio/wav";
      default -> "audio/pcm";
    };
  }

  boolean isIn(Account account) {
    if (container.equals("mp3")) {
      return kilobits < HIGHEST_KILOBITS || account.highestQuality();
    }
    return sampleRate < STUDIO_RATE || account.studioQuality();
  }
}
