package io.mybella.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whether something does not get any faster: the second compiler goes on for minutes, and what is
 * measured before it is done tells of the compiler.
 */
public final class Warmth {

  /** How long one measurement is. */
  public static final Duration STEP = Duration.ofSeconds(5);

  private static final Duration MOST = Duration.ofMinutes(3);
  private static final int LAST = 3;
  private static final double FASTER = 1.03;

  private final List<Double> rates = new ArrayList<>();

  private Warmth() {}

  /**
   * Whether the best of the last three steps is less than 3 % above the best before them, or three
   * minutes are over.
   */
  private boolean isWarm() {
    int before = rates.size() - LAST;
    return rates.size() >= MOST.dividedBy(STEP)
        || (before > 0
            && Collections.max(rates.subList(before, rates.size()))
                < FASTER * Collections.max(rates.subList(0, before)));
  }

  /** What each step reached, requests a second. */
  public List<Double> rates() {
    return rates;
  }

  /** The best of the last three steps. */
  public double rate() {
    return Collections.max(rates.subList(Math.max(0, rates.size() - LAST), rates.size()));
  }

  /** A load of a given time. */
  @FunctionalInterface
  public interface Loading {
    Load of(Duration time) throws InterruptedException;
  }

  /**
   * Loads until it does not get faster any more, and says how it goes.
   *
   * @param what is loaded, for people
   */
  public static Warmth warm(String what, Loading loading) throws InterruptedException {
    return warm(what, Duration.ZERO, loading);
  }

  /**
   * The same for a time at least.
   *
   * @see #warm(String, Loading)
   */
  public static Warmth warm(String what, Duration atLeast, Loading loading)
      throws InterruptedException {
    System.err.printf("warming %s …%n", what);
    var warmth = new Warmth();
    while (warmth.time().compareTo(atLeast) < 0 || !warmth.isWarm()) {
      warmth.rates.add(loading.of(STEP).perSecond());
      System.err.printf("%4d s %,8.0f/s%n", warmth.time().toSeconds(), warmth.rates.getLast());
    }
    return warmth;
  }

  private Duration time() {
    return STEP.multipliedBy(rates.size());
  }
}
