package io.mybella.voice.recording;

import io.mybella.chassis.testing.ChildJvm;
import io.mybella.voice.audio.Mp3Encoder;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.audio.SpeechFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings that are made at the same time, with listeners who take little of them. */
class ManyRecordingsTests {

  /** As many listeners as there may be, each with a recording of its own. */
  private static final String AT_ONCE = "128";

  @Test
  void asManyAsThereMayBeFitIntoTheMemory(@TempDir Path folder) throws Exception {
    ChildJvm.run(
        StalledSpeeches.class,
        // Half of what the local platform gives the service; the other half is taken.
        List.of("-Xmx160m", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=" + folder),
        List.of(AT_ONCE),
        folder.resolve("log"),
        Duration.ofMinutes(2));
  }

  /**
   * Speeches of six minutes, each with the encoder it is made with, of which a second was heard.
   */
  static final class StalledSpeeches {

    private static final byte[] SECOND = new byte[2 * 48_000];

    private StalledSpeeches() {}

    public static void main(String[] arguments) throws IOException {
      List<Mp3Encoder> encoders = new ArrayList<>();
      List<Listening> stalled = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
        Mp3Encoder encoder = new Mp3Encoder(48_000);
        encoder.encode(new Pcm(SECOND, 48_000));
        encoders.add(encoder);
        Recording recording =
            new Recording(
                UUID.randomUUID(),
                SpeechKey.of(i, i, "default", "m", SpeechFormat.MP3, "What was said."));
        Listening listening = recording.join(new Ear(i)).orElseThrow();
        // Pieces of twenty seconds, of which only one is really encoded.
        for (int piece = 0; piece < 18; piece++) {
          recording.append(new byte[160_000]);
        }
        if (listening.next() == null) {
          throw new IllegalStateException("nothing is heard");
        }
        stalled.add(listening);
      }
      stalled.forEach(Listening::close);
      encoders.forEach(Mp3Encoder::finish);
    }
  }
}
