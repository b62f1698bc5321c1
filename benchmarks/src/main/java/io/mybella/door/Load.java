package io.mybella.door;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * What so many connections got, each of which asks again as soon as it is answered.
 *
 * @param requests that were answered
 * @param perSecond how many a second
 * @param p50 the time of an answer that half of them took at most, in milliseconds
 * @param p99 the same for all but one in a hundred
 */
record Load(long requests, double perSecond, double p50, double p99) {

  /**
   * Asks for a while.
   *
   * @param port on this machine
   * @param wanted the status that each answer must have
   * @param callers one connection each, and what it sends next
   * @throws IllegalStateException when something else was answered, or nothing
   */
  static Load of(int port, int wanted, Duration time, List<Supplier<byte[]>> callers)
      throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    List<long[]> times = new ArrayList<>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<long[]>> calls =
          callers.stream()
              .map(caller -> threads.submit(() -> call(port, wanted, end, caller)))
              .toList();
      for (Future<long[]> call : calls) {
        times.add(call.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A connection failed", e.getCause());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    long[] sorted = times.stream().flatMapToLong(LongStream::of).sorted().toArray();
    return new Load(
        sorted.length, sorted.length / seconds, millis(sorted, 0.5), millis(sorted, 0.99));
  }

  private static long[] call(int port, int wanted, long end, Supplier<byte[]> requests)
      throws IOException {
    long[] times = new long[1 << 10];
    int count = 0;
    try (Wire wire = new Wire(port)) {
      for (long before = System.nanoTime(); before < end; before = System.nanoTime()) {
        int status = wire.exchange(requests.get());
        if (status != wanted) {
          throw new IOException("answered %d instead of %d".formatted(status, wanted));
        }
        if (count == times.length) {
          times = Arrays.copyOf(times, 2 * count);
        }
        times[count++] = System.nanoTime() - before;
      }
    }
    return Arrays.copyOf(times, count);
  }

  private static double millis(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }
}
