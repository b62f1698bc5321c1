package io.mybella.voice.speech;

import io.mybella.chassis.problem.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Bounds how many speeches are made and heard at the same time, altogether and by one account: each
 * holds memory for as long as its listener takes, and one account must not hold it all.
 */
@Component
final class SpeechPlaces {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final int most;
  private final int mostOfOne;
  private final Map<Long, Integer> taken = new HashMap<>();
  private int all;

  SpeechPlaces(SpeechProperties properties) {
    this.most = properties.atOnce();
    this.mostOfOne = properties.atOncePerAccount();
  }

  /**
   * Takes a place, to be {@linkplain #leave left} once.
   *
   * @throws Problem 429 when the account has all it may have, 503 when all places are taken
   */
  synchronized void take(long account) {
    int own = taken.getOrDefault(account, 0);
    if (own >= mostOfOne) {
      throw Problem.tooManyRequests(
          "At most %d texts are spoken for you at the same time".formatted(mostOfOne), SOON);
    }
    if (all >= most) {
      throw Problem.unavailable("Too much is being spoken right now", SOON);
    }
    taken.put(account, own + 1);
    all++;
  }

  synchronized void leave(long account) {
    taken.computeIfPresent(account, (_, own) -> own == 1 ? null : own - 1);
    all--;
  }
}
