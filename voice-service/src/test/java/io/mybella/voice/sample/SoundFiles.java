package io.mybella.voice.sample;

import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.audio.WavSpool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Sound files for tests. */
public final class SoundFiles {

  private SoundFiles() {}

  /** A file of the folder {@code sounds}. */
  public static byte[] read(String name) {
    try (InputStream in = SoundFiles.class.getResourceAsStream("/sounds/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A WAV file of a length. */
  public static byte[] wav(double seconds) {
    Pcm tone = DecodedMp3.tone(440, seconds, 8_000);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(WavSpool.header(8_000, tone.samples().length));
    file.writeBytes(tone.samples());
    return file.toByteArray();
  }
}
