package io.mybella.door;

import io.mybella.load.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A user who switches, and remembers when each switch was answered and its event received. An event
 * names the version of the user's choice, which counts from 1, as the switches of a new account do.
 */
final class Switcher implements Load.Caller {

  private static final double NANOS_OF_MILLI = 1e6;

  private final long userId;
  private final Load.Caller switches;

  /** {@link System#nanoTime} of each answer; written by whoever asks. */
  private final List<Long> answers = new ArrayList<>();

  /** By version; written by the consumer. */
  private final Map<Long, Receipt> receipts = new ConcurrentHashMap<>();

  private int first;

  /**
   * When an event was received.
   *
   * @param at of {@link System#nanoTime}
   * @param sinceChange nanoseconds since the time that it names
   */
  private record Receipt(long at, long sinceChange) {}

  Switcher(long userId, Load.Caller switches) {
    this.userId = userId;
    this.switches = switches;
  }

  long userId() {
    return userId;
  }

  @Override
  public byte[] next() {
    return switches.next();
  }

  @Override
  public void answered() {
    answers.add(System.nanoTime());
  }

  /** The event of a switch is there; what comes a second time was there before. */
  void received(long version, Instant changed) {
    long at = System.nanoTime();
    long sinceChange = Duration.between(changed, Instant.now()).toNanos();
    receipts.putIfAbsent(version, new Receipt(at, sinceChange));
  }

  /** How many events are yet to come. */
  int missing() {
    return answers.size() - receipts.size();
  }

  /** Has the figures begin with the next switch. */
  void beginAnew() {
    first = answers.size();
  }

  /** Milliseconds from the change, within its transaction, to the event. */
  DoubleStream sinceChange() {
    return millis(version -> receipt(version).sinceChange());
  }

  /** Milliseconds from the answer to the event; negative where the event was first. */
  DoubleStream sinceAnswer() {
    return millis(version -> receipt(version).at() - answers.get((int) version - 1));
  }

  private DoubleStream millis(LongUnaryOperator nanos) {
    return IntStream.range(first, answers.size())
        .mapToDouble(i -> nanos.applyAsLong(i + 1L) / NANOS_OF_MILLI);
  }

  private Receipt receipt(long version) {
    Receipt receipt = receipts.get(version);
    if (receipt == null) {
      throw new IllegalStateException(
          "No event of switch %d of user %d".formatted(version, userId));
    }
    return receipt;
  }
}
