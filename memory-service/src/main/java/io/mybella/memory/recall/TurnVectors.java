package io.mybella.memory.recall;

import io.mybella.memory.vector.ByteVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of turns: one of each turn at most, which may be of different models while a history
 * is read anew by another one.
 */
final class TurnVectors {

  /** Bytes of a vector beside its components: measured on a 64-bit JVM. */
  private static final int BYTES = 48;

  private record Made(String model, ByteVector vector) {}

  private @Nullable Made[] made = new Made[0];
  private final Map<String, Integer> turns = new HashMap<>();
  private long bytes;

  /** Gives a turn a vector, in the place of an earlier one. */
  void put(int turn, String model, ByteVector vector) {
    if (turn >= made.length) {
      made = Arrays.copyOf(made, Math.max(turn + 1, turn / 2 * 3));
    }
    Made before = made[turn];
    if (before != null) {
      turns.merge(before.model(), -1, Integer::sum);
      bytes -= before.vector().dimensions() + BYTES;
    }
    made[turn] = new Made(model, vector);
    turns.merge(model, 1, Integer::sum);
    bytes += vector.dimensions() + BYTES;
  }

  /** The vector of a turn; null when it has none of this model and so many dimensions. */
  @Nullable ByteVector of(int turn, String model, int dimensions) {
    Made found = turn < made.length ? made[turn] : null;
    return found != null && found.model().equals(model) && found.vector().dimensions() == dimensions
        ? found.vector()
        : null;
  }

  /** How many turns have a vector of a model. */
  int of(String model) {
    return turns.getOrDefault(model, 0);
  }

  /** The model of which most turns have a vector; null when none has any. */
  @Nullable String usual() {
    return turns.entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .max(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  long bytes() {
    return bytes + (long) made.length * Integer.BYTES;
  }
}
