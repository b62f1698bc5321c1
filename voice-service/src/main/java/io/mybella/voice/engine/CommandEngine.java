package io.mybella.voice.engine;

import io.mybella.voice.audio.Pcm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of the operator that reads text and writes a WAV file, one process per sentence. The
 * text goes through standard input, never through the command line, and no shell is involved.
 */
final class CommandEngine implements SpeechEngine {

  /** Three minutes of 48 kHz sound; a sentence never is that long. */
  private static final int MOST_BYTES = 18 * 1024 * 1024;

  private final List<String> command;
  private final Duration timeout;

  CommandEngine(List<String> command, Duration timeout) {
    this.command = command;
    this.timeout = timeout;
  }

  @Override
  public Pcm say(String text) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Thread watchdog = Thread.ofVirtual().start(() -> endAfterTimeout(process));
    try {
      Thread writer = Thread.ofVirtual().start(() -> write(process, text));
      byte[] wav;
      try (InputStream out = process.getInputStream()) {
        wav = out.readNBytes(MOST_BYTES + 1);
      }
      if (wav.length > MOST_BYTES) {
        throw new IOException("the speech command wrote more than " + MOST_BYTES + " bytes");
      }
      int exit = process.waitFor();
      writer.join();
      if (exit != 0) {
        throw new IOException("the speech command ended with status " + exit);
      }
      return Pcm.fromWav(wav);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the speech command ran", e);
    } finally {
      process.destroyForcibly();
      watchdog.interrupt();
    }
  }

  private void endAfterTimeout(Process process) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The speech ended in time: nothing to guard any more.
    }
  }

  private static void write(Process process, String text) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A program may end without reading everything; its exit status and output are the answer.
      System.getLogger(CommandEngine.class.getName())
          .log(System.Logger.Level.DEBUG, "the speech command did not read its input", e);
    }
  }
}
