package io.mybella.memory.work;

import java.util.regex.Pattern;

/**
 * A kind of work.
 *
 * @param name as it stands in the ledger and in the metrics: up to 40 small letters and hyphens
 */
public record WorkKind(String name) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]{0,39}");

  /**
   * A kind of that name.
   *
   * @throws IllegalArgumentException when it is no name
   */
  public WorkKind {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Not a name of a kind of work: " + name);
    }
  }
}
