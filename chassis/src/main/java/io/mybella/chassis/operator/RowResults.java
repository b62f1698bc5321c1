package io.mybella.chassis.operator;

import io.mybella.chassis.problem.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The answer to rows that the operator handed over.
 *
 * @param results one for each row, in their order
 */
public record RowResults(List<RowResult> results) {

  /** The most rows of one request. */
  public static final int MOST = 500;

  /** The longest body of one request, kilobytes. */
  public static final int KILOBYTES = 2048;

  /** What names an installation that rows come from. */
  public static final String SOURCE = "[a-z0-9-]{1,40}";

  /** The installation, where nobody says its name. */
  public static final String DEFAULT_SOURCE = "mybella";

  /**
   * What names a row, such as {@code users:7}. It is kept when the row itself is gone: it must be a
   * name of a place, never of a person.
   */
  public static final String KEY = "[A-Za-z0-9_:.#-]{1,100}";

  /** Copies the list. */
  public RowResults {
    results = List.copyOf(results);
  }

  /**
   * Asks that no row is named twice.
   *
   * @throws Problem 400 when a key stands there twice: nobody could tell their results apart
   */
  public static void requireOnce(List<String> keys) {
    Set<String> seen = new HashSet<>();
    for (String key : keys) {
      if (!seen.add(key)) {
        throw Problem.badRequest("Each key may stand in a request once")
            .withError("rows", "has " + key + " twice");
      }
    }
  }
}
