package io.mybella.voice.recording;

import io.mybella.voice.audio.ListenerGoneException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Waits for two recordings at once: the one that begins first is heard, the other one is left. The
 * better one is not left any more once its voice is at work: it is paid for by then.
 */
public final class FirstSound {

  private static final Duration LOOK = Duration.ofMillis(50);

  /** What is waited for has limits of its own. */
  private static final Duration ALWAYS = Duration.ofHours(1);

  private FirstSound() {}

  /**
   * Waits until one of two begins.
   *
   * @param better the one that is heard when both have begun
   * @param other takes part in the other one
   * @return the one that has begun; the other one is closed
   * @throws ListenerGoneException when the listener left meanwhile
   * @throws IOException when neither begins: why the one does not that took longer to say so
   */
  public static Listening of(Listening better, Supplier<Listening> other) throws IOException {
    List<Listening> running = new ArrayList<>(List.of(better));
    try {
      running.add(other.get());
      while (true) {
        // The better one comes first until it has failed.
        int considered = better.isUnderWay() ? 1 : running.size();
        for (Listening each : List.copyOf(running.subList(0, considered))) {
          // Meanwhile the better one's turn may have come.
          if (begins(each, running) && (each == running.getFirst() || !better.isUnderWay())) {
            running.remove(each);
            return each;
          }
        }
      }
    } finally {
      running.forEach(Listening::close);
    }
  }

  /** One that fails leaves, unless it is the last. */
  private static boolean begins(Listening each, List<Listening> running) throws IOException {
    try {
      return each.begins(running.size() == 1 ? ALWAYS : LOOK);
    } catch (ListenerGoneException e) {
      throw e;
    } catch (IOException e) {
      if (running.size() == 1) {
        throw e;
      }
      running.remove(each);
      each.close();
      return false;
    }
  }
}
