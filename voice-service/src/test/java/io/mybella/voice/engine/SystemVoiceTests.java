package io.mybella.voice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.DecodedMp3;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemVoiceTests {

  private static final String SENTENCE =
      "Hello, my name is Isabella. I am very glad that we can talk today.";

  private static final String GREETING = "Hello there, my friend.";

  private static final Duration LONG = Duration.ofSeconds(30);

  @AutoClose
  private static final SystemVoice MARY =
      voice(new MaryEngine("cmu-slt-hsmm"), settings(EngineProperties.Kind.MARYTTS, List.of()));

  @Test
  void aSentenceBecomesAudibleSpeechOfPlausibleLength() throws IOException {
    Pcm heard = DecodedMp3.decode(read(MARY.speak(SENTENCE, SpeechFormat.MP3)), 48_000);

    // English is spoken at two to four words a second; these are 14 words.
    assertThat(heard.seconds()).isBetween(3.0, 8.0);
    assertThat(DecodedMp3.energy(heard)).isBetween(0.02, 0.4);
  }

  @Test
  void mp3AndWavHoldTheSameSpeech() throws IOException {
    Pcm wav = Pcm.fromWav(read(MARY.speak(SENTENCE, SpeechFormat.WAV)));
    Pcm mp3 = DecodedMp3.decode(read(MARY.speak(SENTENCE, SpeechFormat.MP3)), 48_000);

    assertThat(wav.sampleRate()).isEqualTo(48_000);
    assertThat(wav.seconds()).isCloseTo(mp3.seconds(), within(0.2));
    assertThat(DecodedMp3.energy(wav)).isCloseTo(DecodedMp3.energy(mp3), within(0.02));
  }

  @Test
  void manySpeakersAtOnceSayTheSameAsOneAlone() throws Exception {
    byte[] alone = read(MARY.speak(GREETING, SpeechFormat.MP3));
    List<Callable<byte[]>> speakers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      speakers.add(() -> read(MARY.speak(GREETING, SpeechFormat.MP3)));
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
    assertThat(read(MARY.speak(text, SpeechFormat.MP3))).hasSizeGreaterThan(4_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"你好", "...", "😀", "   "})
  void whatCannotBeSaidIsAFailureAndNotEmptyAudio(String text) {
    for (SpeechFormat format : SpeechFormat.values()) {
      assertThatExceptionOfType(UnspeakableTextException.class)
          .isThrownBy(() -> read(MARY.speak(text, format)));
    }
  }

  @Test
  void theUnspeakablePartOfATextIsLeftOut() throws IOException {
    byte[] mixed = read(MARY.speak("你好。你好。 " + GREETING, SpeechFormat.MP3));
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
        results.add(threads.submit(() -> read(voice.speak("Hello.", SpeechFormat.MP3))));
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
  void anEngineThatHangsCostsNoMoreThanThePatience() {
    EngineProperties impatient = narrow(Duration.ofMillis(50), Duration.ofMillis(50));
    SpeechEngine hanging =
        text -> {
          awaitIn(new CountDownLatch(1));
          return new Pcm(new byte[0], 48_000);
        };
    try (SystemVoice voice = voice(hanging, impatient)) {
      assertThatExceptionOfType(VoiceBusyException.class)
          .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3)));
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
      assertThat(read(voice.speak("Hello.", SpeechFormat.MP3))).isNotEmpty();
      assertThatExceptionOfType(VoiceBusyException.class)
          .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3)));
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
          .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3)));
      assertThat(voice.isWarm()).isFalse();

      loaded.countDown();
      await().until(voice::isWarm);
      assertThat(read(voice.speak("Hello.", SpeechFormat.MP3))).isNotEmpty();
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
      Pcm heard = Pcm.fromWav(read(voice.speak("Hello.", SpeechFormat.WAV)));
      assertThat(heard.samples()).isEqualTo(tone.samples());
    }
  }

  @Test
  void aFailingCommandIsAFailure() {
    for (List<String> command : List.of(List.of("false"), List.of("echo", "no sound"))) {
      try (SystemVoice voice = command(command)) {
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> read(voice.speak("Hello.", SpeechFormat.MP3)));
      }
    }
  }

  @Test
  void theEngineCommandNeedsACommand() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(EngineProperties.Kind.COMMAND, List.of()));
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
}
