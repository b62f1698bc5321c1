package io.mybella.operator.importing.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What became of a row.
 *
 * @param key of the row
 * @param kind what was done
 * @param id its id on the platform, where it has one
 * @param reason why it was skipped, or what was changed on the way; no text of a user
 */
public record Outcome(String key, Kind kind, @Nullable Long id, @Nullable String reason) {

  private static final String DELETED_HERE = "deleted here since";

  /** What was done with a row. */
  public enum Kind {
    /** It is on the platform now. */
    IMPORTED,
    /** It was there before. */
    PRESENT,
    /** It is not on the platform. */
    SKIPPED
  }

  /** A row that is not taken over. */
  public static Outcome skipped(String key, String reason) {
    return new Outcome(key, Kind.SKIPPED, null, reason);
  }

  /** Whether it was skipped because its user deleted it after it had been imported. */
  public boolean isDeletedHere() {
    return kind == Kind.SKIPPED && reason != null && reason.startsWith(DELETED_HERE);
  }
}
