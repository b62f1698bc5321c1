package io.mybella.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * What so many connections got.
 *
 * @param requests that were answered
 * @param perSecond how many a second
 * @param p50 the time of an answer that half of them took at most, in milliseconds
 * @param p99 the same for all but one in a hundred
 */
public record Load(long requests, double perSecond, double p50, double p99) {

  /** Who asks through a connection of its own. */
  @FunctionalInterface
  public interface Caller {

    /** What is sent next. */
    byte[] next();

    /** It was answered just now. */
    default void answered() {}
  }

  /**
   * Asks for a while, each caller again as soon as it is answered.
   *
   * @param port on this machine
   * @param wanted the status that each answer must have
   * @throws IllegalStateException when something else was answered, or nothing
   */
  public static Load of(int port, int wanted, Duration time, List<? extends Caller> callers)
      throws InterruptedException {
    return of(port, wanted, time, 0, callers);
  }

  /**
   * Asks for a while, so many times a second at most. Each request is due at a time of its own, and
   * takes from then until it is answered: late answers do not thin out the load.
   *
   * @param perSecond of all callers together, above 0
   * @see #of(int, int, Duration, List)
   */
  public static Load paced(
      int port, int wanted, Duration time, double perSecond, List<? extends Caller> callers)
      throws InterruptedException {
    return of(port, wanted, time, (long) (callers.size() * 1e9 / perSecond), callers);
  }

  /**
   * What was measured elsewhere.
   *
   * @param nanos of each request
   * @param time of all of them
   */
  public static Load of(Collection<Long> nanos, Duration time) {
    return of(nanos.stream().mapToLong(each -> each), time.toNanos() / 1e9);
  }

  private static Load of(LongStream nanos, double seconds) {
    long[] sorted = nanos.sorted().toArray();
    return new Load(
        sorted.length, sorted.length / seconds, millis(sorted, 0.5), millis(sorted, 0.99));
  }

  private static Load of(
      int port, int wanted, Duration time, long pause, List<? extends Caller> callers)
      throws InterruptedException {
    long begin = System.nanoTime();
    List<long[]> times = new ArrayList<>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<long[]>> calls = new ArrayList<>();
      for (int i = 0; i < callers.size(); i++) {
        Caller caller = callers.get(i);
        var connection =
            new Connection(
                port, wanted, begin + pause * i / callers.size(), pause, begin + time.toNanos());
        calls.add(threads.submit(() -> connection.ask(caller)));
      }
      for (Future<long[]> call : calls) {
        times.add(call.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A connection failed", e.getCause());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return of(times.stream().flatMapToLong(LongStream::of), seconds);
  }

  /**
   * One of the connections; times are those of {@link System#nanoTime}.
   *
   * @param first when its first request is due
   * @param pause until the next one is due; 0: as soon as the one before is answered
   */
  private record Connection(int port, int wanted, long first, long pause, long end) {

    /** The nanoseconds that each answer took. */
    long[] ask(Caller caller) throws IOException {
      long[] times = new long[1 << 10];
      int count = 0;
      try (Wire wire = new Wire(port)) {
        for (long due = first; due < end && System.nanoTime() < end; due += pause) {
          long started = pause == 0 ? System.nanoTime() : awaited(due);
          int status = wire.exchange(caller.next());
          if (status != wanted) {
            throw new IOException("answered %d instead of %d".formatted(status, wanted));
          }
          caller.answered();
          if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
          }
          times[count++] = System.nanoTime() - started;
        }
      }
      return Arrays.copyOf(times, count);
    }

    private static long awaited(long due) {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      return due;
    }
  }

  /** The times of the answers, for people. */
  public String times() {
    return "p50 %.2f ms, p99 %.2f ms (%,d)".formatted(p50, p99, requests);
  }

  private static double millis(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }
}
