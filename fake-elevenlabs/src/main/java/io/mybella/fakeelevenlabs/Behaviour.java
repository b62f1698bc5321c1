package io.mybella.fakeelevenlabs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** How a voice, or a call that exchanges JSON, answers. */
public sealed interface Behaviour {

  /** As it should. */
  record Speaks() implements Behaviour {}

  /**
   * As it should, but slowly.
   *
   * @param first the time until the first byte, the head included
   * @param between the time between two pieces of 1,000 bytes
   */
  record SpeaksSlowly(Duration first, Duration between) implements Behaviour {}

  /**
   * An error with the current shape of a body, {@code {"detail":{"type","code","message",…}}}.
   *
   * @param status of HTTP
   * @param code such as {@code quota_exceeded}
   * @param retryAfter what the header {@code Retry-After} says, in whole seconds; {@code null}: it
   *     is missing
   */
  record Fails(int status, String code, @Nullable Duration retryAfter) implements Behaviour {

    /** An error that says nothing of a later time. */
    public Fails(int status, String code) {
      this(status, code, null);
    }
  }

  /** An error with the older shape of a body, {@code {"detail":{"status","message"}}}. */
  record FailsAsBefore(int status, String statusText) implements Behaviour {}

  /** Any status with any body. */
  record Answers(int status, String contentType, String body) implements Behaviour {}

  /** Takes the request and does not answer at all, until {@link FakeElevenLabs#reset}. */
  record Ignores() implements Behaviour {}

  /** Accepts the text and then says nothing, until {@link FakeElevenLabs#reset}. */
  record StaysSilent() implements Behaviour {}

  /** Says half of it and then nothing, until {@link FakeElevenLabs#reset}. */
  record Stalls() implements Behaviour {}

  /** Says half of it and drops the connection once it is told to. */
  record BreaksOff(CountDownLatch now) implements Behaviour {}

  /** Speaks on and on, until the listener leaves; a gibibyte at most. */
  record NeverEnds() implements Behaviour {}

  /** Fails a number of times, then speaks. */
  record FailsAtFirst(int times, Behaviour failure) implements Behaviour {

    /** Refuses one within another. */
    public FailsAtFirst {
      if (failure instanceof FailsAtFirst) {
        throw new IllegalArgumentException("one within another");
      }
    }
  }
}
