package io.mybella.voice.sample;

import io.mybella.chassis.problem.Problem;
import io.mybella.voice.conversion.Ffmpeg;
import io.mybella.voice.inspection.MalformedSoundException;
import io.mybella.voice.inspection.SampleType;
import io.mybella.voice.inspection.Sound;
import io.mybella.voice.inspection.SoundInspection;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes a sample of what was uploaded, or refuses it. With ffmpeg all kinds become the same: MP3,
 * mono, 44.1 kHz. Without it, files of those kinds are kept as they are whose length can be
 * counted.
 */
@Component
class SampleReading {

  private static final Logger LOG = LoggerFactory.getLogger(SampleReading.class);

  private static final String WRONG_TYPE = "Invalid file type. Allowed: mp3, wav, ogg, m4a, flac";
  private static final String WRONG_LENGTH = "The voice file must be 1 to 180 seconds long";

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(3);

  /** What an encoder adds in front and behind. */
  private static final Duration PADDING = Duration.ofMillis(150);

  private static final Duration LATER = Duration.ofSeconds(10);

  private final Ffmpeg ffmpeg;

  SampleReading(Ffmpeg ffmpeg) {
    this.ffmpeg = ffmpeg;
  }

  /**
   * Reads a file.
   *
   * @throws Problem 400 when it is no sound of an accepted kind and length, 415 when it is of a
   *     kind that cannot be read here, 503 when the machine has no time for it now
   */
  Sample read(byte[] file) {
    try {
      Sound sound = SoundInspection.inspect(file);
      Duration counted = sound.duration();
      if (counted != null) {
        requireLength(counted, Duration.ZERO);
      }
      if (ffmpeg.isThere()) {
        return uniform(ffmpeg.toMp3(file, sound.type()), counted);
      }
      if (counted == null) {
        throw unreadable(sound.type());
      }
      return new Sample(file, sound.type(), counted);
    } catch (MalformedSoundException e) {
      LOG.info("Refused a voice file of {} bytes: {}", file.length, e.getMessage());
      throw Problem.badRequest(WRONG_TYPE).withError("voice_file", WRONG_TYPE);
    } catch (IOException e) {
      LOG.error("A voice file of {} bytes could not be converted", file.length, e);
      throw Problem.unavailable("The voice file cannot be converted right now", LATER);
    }
  }

  /** The length of the result is counted in frames, and the same as that of what was decoded. */
  private static Sample uniform(byte[] mp3, @Nullable Duration counted)
      throws MalformedSoundException {
    Duration length = counted;
    if (length == null) {
      length = SoundInspection.inspect(mp3).duration();
      if (length == null) {
        throw new MalformedSoundException("ffmpeg made no MP3 of it");
      }
      requireLength(length, PADDING);
    }
    return new Sample(mp3, SampleType.MP3, length.compareTo(LONGEST) > 0 ? LONGEST : length);
  }

  private static void requireLength(Duration length, Duration tolerance) {
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST.plus(tolerance)) > 0) {
      throw Problem.badRequest(WRONG_LENGTH).withError("voice_file", WRONG_LENGTH);
    }
  }

  private static Problem unreadable(SampleType type) {
    String message =
        "This server cannot read %s files, because it has no ffmpeg. It takes MP3, WAV and FLAC."
            .formatted(type.name().toLowerCase(Locale.ROOT));
    return Problem.unsupportedMediaType(message).withError("voice_file", message);
  }

  /** A file to keep. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Sample(byte[] content, SampleType type, Duration duration) {}
}
