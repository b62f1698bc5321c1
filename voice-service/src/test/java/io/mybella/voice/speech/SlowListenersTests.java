package io.mybella.voice.speech;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mybella.chassis.http.CallerSlots;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.testing.ChildJvm;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Mp3Encoder;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.audio.SpeechFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.HttpStatus;

/** Speeches that are under way for as long as their listeners take. */
class SlowListenersTests {

  private static final SpeechProperties DEFAULTS =
      Binder.get(new StandardEnvironment())
          .bindOrCreate("mybella.voice.speech", SpeechProperties.class);

  @Test
  void oneAccountDoesNotHoldAllPlaces() {
    SpeechPlaces places = new SpeechPlaces(DEFAULTS);
    List<CallerSlots.Slot> taken =
        LongStream.range(0, DEFAULTS.atOncePerAccount()).mapToObj(_ -> places.take(1)).toList();
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> places.take(1))
        .returns(HttpStatus.TOO_MANY_REQUESTS, Problem::status);

    places.take(2);
    taken.getFirst().close();
    places.take(1);
  }

  @Test
  void allAccountsTogetherHaveNoMoreThanThereAre() {
    SpeechPlaces places = new SpeechPlaces(DEFAULTS);
    List<CallerSlots.Slot> taken =
        LongStream.range(0, DEFAULTS.atOnce()).mapToObj(places::take).toList();
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> places.take(DEFAULTS.atOnce()))
        .returns(HttpStatus.SERVICE_UNAVAILABLE, Problem::status);

    taken.getFirst().close();
    places.take(DEFAULTS.atOnce());
  }

  @Test
  void asManyAsThereMayBeFitIntoTheMemory(@TempDir Path folder) throws Exception {
    ChildJvm.run(
        StalledSpeeches.class,
        // Half of what the local platform gives the service; the other half is taken.
        List.of("-Xmx160m", "-XX:+ExitOnOutOfMemoryError"),
        List.of(Integer.toString(DEFAULTS.atOnce())),
        folder.resolve("log"),
        Duration.ofMinutes(2));
  }

  /** Speeches of which much has been heard, and whose listeners take no more. */
  static final class StalledSpeeches {

    private static final byte[] SECOND = new byte[2 * 48_000];

    private StalledSpeeches() {}

    public static void main(String[] arguments) throws IOException {
      SpeechCache cache = new SpeechCache(DEFAULTS);
      List<AudioSource> stalled = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
        SpeechCache.Collected heard =
            cache.collect(new SpeechCache.Key(i, i, null, "m", SpeechFormat.MP3, "d"));
        KeptSource source = new KeptSource(new byte[1], new Encoded(), heard, () -> {});
        for (int piece = 0; piece < 12; piece++) {
          source.next();
        }
        stalled.add(source);
      }
      for (AudioSource source : stalled) {
        source.close();
      }
    }

    /** Pieces of twenty seconds, of which only one is really encoded. */
    private static final class Encoded implements AudioSource {

      private final Mp3Encoder encoder = new Mp3Encoder(48_000);

      private Encoded() {
        encoder.encode(new Pcm(SECOND, 48_000));
      }

      @Override
      public byte @Nullable [] next() {
        return new byte[160_000];
      }

      @Override
      public void close() {
        encoder.finish();
      }
    }
  }
}
