package io.mybella.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Figures of a benchmark. */
public final class Figures {

  private Figures() {}

  /** The one in the middle; the upper one of two, and 0 of none. */
  public static double median(List<? extends Number> numbers) {
    double[] sorted = sorted(numbers);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /**
   * The one that a share of them does not exceed; 0 of none.
   *
   * @param share from 0 to 1: 0.99 for all but one in a hundred
   */
  public static double quantile(List<? extends Number> numbers, double share) {
    double[] sorted = sorted(numbers);
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
  }

  private static double[] sorted(List<? extends Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).sorted().toArray();
  }

  /**
   * Writes them down as JSON, with the machine they are of.
   *
   * @param file where; null for nowhere
   * @param rows a row each, name to value
   */
  public static void write(@Nullable Path file, List<Map<String, Object>> rows) throws IOException {
    if (file == null) {
      return;
    }
    Files.writeString(
        file,
        JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "processors", Runtime.getRuntime().availableProcessors(),
                    "java", Runtime.version().toString(),
                    "rows", rows)));
  }
}
