package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.options.FilePayload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Recordings that a person might upload. */
final class Recordings {

  private static final int RATE = 44_100;
  private static final int SECONDS = 3;

  private Recordings() {}

  /** The same note with words among its samples, as somebody might hide them. */
  static FilePayload humWith(String words) {
    FilePayload hum = hum();
    byte[] hidden = words.getBytes(UTF_8);
    System.arraycopy(hidden, 0, hum.buffer, hum.buffer.length / 2, hidden.length);
    return hum;
  }

  /** A hummed note of three seconds, as WAV. */
  static FilePayload hum() {
    byte[] samples = new byte[RATE * SECONDS * 2];
    for (int i = 0; i < RATE * SECONDS; i++) {
      double time = (double) i / RATE;
      double note = Math.sin(2 * Math.PI * 180 * time) + Math.sin(2 * Math.PI * 360 * time) / 2;
      short sample = (short) (note * 6_000);
      samples[2 * i] = (byte) sample;
      samples[2 * i + 1] = (byte) (sample >> 8);
    }
    var wav = new ByteArrayOutputStream();
    var format = new AudioFormat(RATE, 16, 1, true, false);
    try (var audio =
        new AudioInputStream(new ByteArrayInputStream(samples), format, RATE * SECONDS)) {
      AudioSystem.write(audio, AudioFileFormat.Type.WAVE, wav);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FilePayload("hum.wav", "audio/wav", wav.toByteArray());
  }
}
