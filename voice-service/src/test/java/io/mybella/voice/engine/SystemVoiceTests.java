package io.mybella.voice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.DecodedMp3;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.audio.SpeechFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemVoiceTests {

  private static final String SENTENCE =
      "Hello, my name is Isabella. I am very glad that we can talk today.";

  private static final String GREETING = "Hello there, my friend.";

  private static final Duration LONG = Duration.ofSeconds(30);

  /** The first sentence is said alone, so that it is heard soon. */
  private static final String TWO_PIECES = "This comes first. This comes second.";

  private static final Listener ANNA = new Somebody(1);
  private static final Listener BORIS = new Somebody(2);

  @AutoClose
  private static final SystemVoice MARY =
      voice(new MaryEngine("cmu-slt-hsmm"), settings(EngineProperties.Kind.MARYTTS, List.of()));

  @Test
  void aSentenceBecomesAudibleSpeechOfPlausibleLength() throws IOException {
    Pcm heard = DecodedMp3.decode(read(MARY.speak(SENTENCE, SpeechFormat.MP3, ANNA)), 48_000);

    // English is spoken at two to four words a second; these are 14 words.
    assertThat(heard.seconds()).isBetween(3.0, 8.0);
    assertThat(DecodedMp3.energy(heard)).isBetween(0.02, 0.4);
  }

  @Test
  void mp3AndWavHoldTheSameSpeech() throws IOException {
    Pcm wav = Pcm.fromWav(read(MARY.speak(SENTENCE, SpeechFormat.WAV, ANNA)));
    Pcm mp3 = DecodedMp3.decode(read(MARY.speak(SENTENCE, SpeechFormat.MP3, ANNA)), 48_000);

    assertThat(wav.sampleRate()).isEqualTo(48_000);
    assertThat(wav.seconds()).isCloseTo(mp3.seconds(), within(0.2));
    assertThat(DecodedMp3.energy(wav)).isCloseTo(DecodedMp3.energy(mp3), within(0.02));
  }

  @Test
  void manySpeakersAtOnceSayTheSameAsOneAlone() throws Exception {
    byte[] alone = read(MARY.speak(GREETING, SpeechFormat.MP3, ANNA));
    List<Callable<byte[]>> speakers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      speakers.add(() -> read(MARY.speak(GREETING, SpeechFormat.MP3, ANNA)));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<byte[]> speaker : threads.invokeAll(speakers)) {
        assertThat(speaker.get()).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The USA, NASA and IBM met on May 3rd, 2024 at 3:30pm.",
        "Mail me@example.org or see https://example.org/a?b=1&c=2 <b>now</b>!",
        "It costs $50.25, 12€ or 7%; that is 1/2 of (almost) everything... isn't it?!",
        "naïve Zoë und Jürgen 😀 — “quoted”"
      })
  void everydayTextCanBeSaid(String text) throws IOException {
    assertThat(read(MARY.speak(text, SpeechFormat.MP3, ANNA))).hasSizeGreaterThan(4_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"你好", "...", "😀", "   "})
  void whatCannotBeSaidIsAFailureAndNotEmptyAudio(String text) {
    for (SpeechFormat format : SpeechFormat.values()) {
      assertThatExceptionOfType(UnspeakableTextException.class)
          .isThrownBy(() -> read(MARY.speak(text, format, ANNA)));
    }
  }

  @Test
  void theUnspeakablePartOfATextIsLeftOut() throws IOException {
    byte[] mixed = read(MARY.speak("你好。你好。 " + GREETING, SpeechFormat.MP3, ANNA));
    assertThat(mixed).hasSizeGreaterThan(4_000);
  }

  @Test
  void whatDoesNotFitIntoTheQueueIsRefusedAtOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    SpeechEngine slow =
        text -> {
          awaitIn(release);
          return DecodedMp3.tone(440, 0.5, 48_000);
        };
    try (SystemVoice voice = voice(slow, narrow(LONG, LONG));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        Listener somebodyElse = new Somebody(i);
        results.add(
            threads.submit(() -> read(voice.speak("Hello.", SpeechFormat.MP3, somebodyElse))));
      }
      await().until(() -> results.stream().filter(Future::isDone).count() == 3);
      release.countDown();
      long refused =
          results.stream()
              .filter(
                  result -> {
                    try {
                      result.get();
                      return false;
                    } catch (Exception e) {
                      return e.getCause() instanceof VoiceBusyException;
                    }
                  })
              .count();
      assertThat(refused).isEqualTo(3);
    }
  }

  @Test
  void accountsTakeTurnsHoweverManySentencesOneOfThemHasWaiting() throws Exception {
    RecordingEngine engine = new RecordingEngine();
    try (SystemVoice voice = voice(engine, settings(1, 8, LONG));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        results.add(threads.submit(() -> read(voice.speak(TWO_PIECES, SpeechFormat.MP3, ANNA))));
      }
      await().until(() -> engine.said.size() == 1 && waiting(voice) == 5);
      results.add(threads.submit(() -> read(voice.speak("Boris.", SpeechFormat.MP3, BORIS))));
      await().until(() -> waiting(voice) == 6);

      engine.mayGoOn.countDown();
      for (Future<byte[]> result : results) {
        assertThat(result.get()).isNotEmpty();
      }
      assertThat(engine.said).hasSize(13);
      // The one that was being said, and one turn of the account that came first.
      assertThat(engine.said.indexOf("Boris.")).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void nothingIsSaidToListenersWhoLeftWhileTheyWaited() throws Exception {
    RecordingEngine engine = new RecordingEngine();
    Somebody leaver = new Somebody(3);
    try (SystemVoice voice = voice(engine, settings(1, 8, LONG));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> stays =
          threads.submit(() -> read(voice.speak("Hello.", SpeechFormat.MP3, ANNA)));
      await().until(() -> engine.said.size() == 1);
      List<Future<byte[]>> leaving = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        leaving.add(threads.submit(() -> read(voice.speak("Gone.", SpeechFormat.WAV, leaver))));
      }
      await().until(() -> waiting(voice) == 4);

      leaver.leave();
      await().until(() -> waiting(voice) == 0);
      engine.mayGoOn.countDown();

      assertThat(stays.get()).isNotEmpty();
      for (Future<byte[]> each : leaving) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(each::get)
            .withCauseInstanceOf(ListenerGoneException.class);
      }
      assertThat(engine.said).containsExactly("Hello.");
    }
  }

  @ParameterizedTest
  @EnumSource(SpeechFormat.class)
  void aSpeechEndsWithTheSentenceAfterWhichItsListenerLeaves(SpeechFormat format) {
    Somebody leaver = new Somebody(3);
    List<String> said = new ArrayList<>();
    SpeechEngine engine =
        text -> {
          said.add(text);
          leaver.leave();
          return DecodedMp3.tone(440, 0.5, 48_000);
        };
    try (SystemVoice voice = voice(engine, settings(1, 8, LONG))) {
      assertThatExceptionOfType(ListenerGoneException.class)
          .isThrownBy(() -> read(voice.speak(TWO_PIECES, format, leaver)));
    }
    assertThat(said).hasSize(1);
  }

  @Test
  void aSpeechThatHasBegunIsNotRefusedForOthersWhoWait() throws Exception {
    RecordingEngine engine = new RecordingEngine();
    engine.mayGoOn.countDown();
    try (SystemVoice voice = voice(engine, settings(1, 1, LONG));
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        AudioSource begun = voice.speak(TWO_PIECES, SpeechFormat.MP3, ANNA)) {
      assertThat(begun.next()).isNotEmpty();
      engine.mayGoOn = new CountDownLatch(1);
      Future<byte[]> said =
          threads.submit(() -> read(voice.speak("Boris.", SpeechFormat.MP3, BORIS)));
      await().until(() -> engine.said.contains("Boris."));
      Future<byte[]> waits =
          threads.submit(() -> read(voice.speak("Carla.", SpeechFormat.MP3, new Somebody(3))));
      await().until(() -> waiting(voice) == 1);
      Future<byte[]> rest = threads.submit(begun::next);
      await().until(() -> waiting(voice) == 2);

      engine.mayGoOn.countDown();
      assertThat(rest.get()).isNotEmpty();
      assertThat(said.get()).isNotEmpty();
      assertThat(waits.get()).isNotEmpty();
    }
  }

  @Test
  void anEngineThatHangsCostsNoMoreThanThePatience() {
    EngineProperties impatient = narrow(Duration.ofMillis(50), Duration.ofMillis(50));
    SpeechEngine hanging =
        text -> {
          awaitIn(new CountDownLatch(1));
          return new Pcm(new byte[0], 48_000);
        };
    try (SystemVoice voice = voice(hanging, impatient)) {
      assertThatExceptionOfType(VoiceBusyException.class)
          .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3, ANNA)));
    }
  }

  @Test
  void onlyTheFirstSentenceMayTakeAsLongAsTheModelsNeed() throws IOException {
    CountDownLatch said = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    SpeechEngine engine =
        text -> {
          if (said.getCount() == 0) {
            awaitIn(end);
          }
          said.countDown();
          return DecodedMp3.tone(440, 0.5, 48_000);
        };
    try (SystemVoice voice = voice(engine, narrow(Duration.ZERO, LONG))) {
      assertThat(read(voice.speak("Hello.", SpeechFormat.MP3, ANNA))).isNotEmpty();
      assertThatExceptionOfType(VoiceBusyException.class)
          .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3, ANNA)));
    }
  }

  @Test
  void aLoadOfTheModelsGoesOnWhenWhoAskedForItHasGivenUp() throws IOException {
    CountDownLatch loaded = new CountDownLatch(1);
    SpeechEngine engine =
        text -> {
          awaitIn(loaded);
          return DecodedMp3.tone(440, 0.5, 48_000);
        };
    try (SystemVoice voice = voice(engine, narrow(LONG, Duration.ofMillis(50)))) {
      assertThatExceptionOfType(VoiceBusyException.class)
          .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3, ANNA)));
      assertThat(voice.isWarm()).isFalse();

      loaded.countDown();
      await().until(voice::isWarm);
      assertThat(read(voice.speak("Hello.", SpeechFormat.MP3, ANNA))).isNotEmpty();
    }
  }

  @Test
  void aCommandOfTheOperatorSpeaks(@TempDir Path folder) throws IOException {
    Path wav = folder.resolve("said.wav");
    Pcm tone = DecodedMp3.tone(440, 2, 22_050);
    try (var out = Files.newOutputStream(wav)) {
      out.write(io.mybella.voice.audio.WavSpool.header(22_050, tone.samples().length));
      out.write(tone.samples());
    }
    try (SystemVoice voice = command(List.of("cat", wav.toString()))) {
      Pcm heard = Pcm.fromWav(read(voice.speak("Hello.", SpeechFormat.WAV, ANNA)));
      assertThat(heard.samples()).isEqualTo(tone.samples());
    }
  }

  @Test
  void aFailingCommandIsAFailure() {
    for (List<String> command : List.of(List.of("false"), List.of("echo", "no sound"))) {
      try (SystemVoice voice = command(command)) {
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3, ANNA)));
      }
    }
  }

  @Test
  void theEngineCommandNeedsACommand() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(EngineProperties.Kind.COMMAND, List.of()));
  }

  private static int waiting(SystemVoice voice) {
    return voice.waiting();
  }

  private static SystemVoice command(List<String> command) {
    EngineProperties properties = settings(EngineProperties.Kind.COMMAND, command);
    return voice(new CommandEngine(command, properties.commandTimeout()), properties);
  }

  private static SystemVoice voice(SpeechEngine engine, EngineProperties properties) {
    return new SystemVoice(engine, properties, new SimpleMeterRegistry());
  }

  private static EngineProperties settings(EngineProperties.Kind kind, List<String> command) {
    return settings(kind, 2, 32, Duration.ofMinutes(1), Duration.ofMinutes(1), command);
  }

  /** Room for one sentence that is said and one that waits. */
  private static EngineProperties narrow(Duration patience, Duration coldPatience) {
    return settings(EngineProperties.Kind.MARYTTS, 1, 1, patience, coldPatience, List.of());
  }

  private static EngineProperties settings(int concurrency, int queue, Duration patience) {
    return settings(
        EngineProperties.Kind.MARYTTS, concurrency, queue, patience, patience, List.of());
  }

  private static EngineProperties settings(
      EngineProperties.Kind kind,
      int concurrency,
      int queue,
      Duration patience,
      Duration coldPatience,
      List<String> command) {
    return new EngineProperties(
        kind,
        "cmu-slt-hsmm",
        concurrency,
        queue,
        patience,
        coldPatience,
        command,
        Duration.ofSeconds(5),
        new EngineProperties.WarmUp(0.25, LONG, LONG, LONG));
  }

  private static void awaitIn(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static byte[] read(AudioSource source) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (source) {
      for (byte[] piece = source.next(); piece != null; piece = source.next()) {
        all.writeBytes(piece);
      }
    }
    return all.toByteArray();
  }

  /** Says a tone once it may, and remembers what it was asked to say, in that order. */
  private static final class RecordingEngine implements SpeechEngine {

    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch mayGoOn = new CountDownLatch(1);

    @Override
    public Pcm say(String text) throws IOException {
      said.add(text);
      awaitIn(mayGoOn);
      return DecodedMp3.tone(440, 0.5, 48_000);
    }
  }
}
