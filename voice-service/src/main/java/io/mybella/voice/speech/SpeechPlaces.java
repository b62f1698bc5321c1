package io.mybella.voice.speech;

import io.mybella.chassis.http.CallerSlots;
import io.mybella.chassis.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * Bounds how many listeners there are at the same time to speech that was not whole when they came,
 * altogether and of one account: a speech that is made takes memory and a turn, and one account
 * must not take it all.
 */
@Component
final class SpeechPlaces {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final int mostOfOne;
  private final CallerSlots own;
  private final Semaphore all;

  SpeechPlaces(SpeechProperties properties) {
    this.mostOfOne = properties.atOncePerAccount();
    this.own = new CallerSlots(mostOfOne);
    this.all = new Semaphore(properties.atOnce());
  }

  /**
   * Takes a place, to be closed once.
   *
   * @throws Problem 429 when the account has all it may have, 503 when all places are taken
   */
  CallerSlots.Slot take(long account) {
    CallerSlots.Slot one =
        own.take(Long.toString(account))
            .orElseThrow(
                () ->
                    Problem.tooManyRequests(
                        "At most %d texts are spoken for you at the same time".formatted(mostOfOne),
                        SOON));
    if (!all.tryAcquire()) {
      one.close();
      throw Problem.unavailable("Too much is being spoken right now", SOON);
    }
    return () -> {
      one.close();
      all.release();
    };
  }
}
