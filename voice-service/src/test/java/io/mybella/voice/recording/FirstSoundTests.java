package io.mybella.voice.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two recordings of which one is heard. */
class FirstSoundTests {

  private static final Ear EAR = new Ear(1);
  private static final byte[] SOUND = {1, 2, 3};

  private final Recording better = recording("preset");
  private final Recording other = recording("default");

  @AfterEach
  void letGo() {
    better.release();
    other.release();
  }

  @Test
  void theOneThatBeginsIsHeardAndTheOtherOneIsLeft() throws Exception {
    Future<Listening> first = first();
    await().until(() -> !other.isDeserted());
    better.append(SOUND);
    try (Listening heard = first.get()) {
      assertThat(heard.key()).isEqualTo(better.key());
      assertThat(heard.next()).isEqualTo(SOUND);
      assertThat(other.isDeserted()).isTrue();
      assertThat(better.isDeserted()).isFalse();
    }
  }

  @Test
  void theOtherOneIsHeardWhenItIsSooner() throws Exception {
    Future<Listening> first = first();
    await().until(() -> !other.isDeserted());
    other.append(SOUND);
    try (Listening heard = first.get()) {
      assertThat(heard.key()).isEqualTo(other.key());
      assertThat(better.isDeserted()).isTrue();
    }
  }

  @Test
  void theBetterOneIsWaitedForOnceItsVoiceIsAtWork() throws Exception {
    Future<Listening> first = first();
    await().until(() -> !other.isDeserted());
    better.turnHasCome();
    other.append(SOUND);
    better.append(SOUND);
    try (Listening heard = first.get()) {
      assertThat(heard.key()).isEqualTo(better.key());
    }
  }

  @Test
  void theOtherOneIsHeardWhenTheBetterOneFailsAtItsWork() throws Exception {
    Future<Listening> first = first();
    await().until(() -> !other.isDeserted());
    better.turnHasCome();
    other.append(SOUND);
    better.fail(new IOException("away"));
    try (Listening heard = first.get()) {
      assertThat(heard.key()).isEqualTo(other.key());
    }
  }

  @Test
  void whenOneFailsTheOtherOneIsWaitedFor() throws Exception {
    Future<Listening> first = first();
    await().until(() -> !other.isDeserted());
    other.fail(new IOException("busy"));
    better.append(SOUND);
    try (Listening heard = first.get()) {
      assertThat(heard.key()).isEqualTo(better.key());
    }
  }

  @Test
  void whenBothFailItIsToldWhy() {
    Future<Listening> first = first();
    await().until(() -> !other.isDeserted());
    better.fail(new IOException("no slot"));
    other.fail(new IOException("busy"));
    assertThat(failure(first)).isInstanceOf(IOException.class).hasMessageMatching("no slot|busy");
  }

  @Test
  void nothingIsWaitedForWhenTheOtherOneCannotBegin() throws IOException {
    Listening part = better.join(EAR).orElseThrow();
    assertThatIOException()
        .isThrownBy(
            () ->
                FirstSound.of(
                    part,
                    () -> {
                      Recording none = recording("none");
                      none.fail(new IOException("busy"));
                      none.release();
                      better.fail(new ListenerGoneException());
                      return other.join(EAR).orElseThrow();
                    }))
        .isInstanceOf(ListenerGoneException.class);
    assertThat(other.isDeserted()).isTrue();
  }

  private Future<Listening> first() {
    Listening part = better.join(EAR).orElseThrow();
    FutureTask<Listening> first =
        new FutureTask<>(() -> FirstSound.of(part, () -> other.join(EAR).orElseThrow()));
    Thread.ofVirtual().start(first);
    return first;
  }

  private static Throwable failure(Future<Listening> first) {
    try {
      first.get();
      throw new AssertionError("something is heard");
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Recording recording(String source) {
    return new Recording(
        UUID.randomUUID(), SpeechKey.of(1, 1, source, "m", SpeechFormat.MP3, "Hello."));
  }
}
