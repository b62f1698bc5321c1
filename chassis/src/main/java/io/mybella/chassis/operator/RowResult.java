package io.mybella.chassis.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row that the operator handed over.
 *
 * @param key names the row, as the operator wrote it
 * @param id what the row is here; null where it is nothing, or where nobody refers to it
 * @param reason why it was skipped, or what was changed on the way, in plain words that repeat no
 *     text of the row; null when there is nothing to say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RowResult(String key, Outcome outcome, @Nullable Long id, @Nullable String reason) {

  /** What may become of a row. */
  public enum Outcome {
    /** It is here now. */
    @JsonProperty("imported")
    IMPORTED,
    /** It was here already, and nothing was changed. */
    @JsonProperty("present")
    PRESENT,
    /** It is not here, for a reason. */
    @JsonProperty("skipped")
    SKIPPED
  }

  /** A row that is here now. */
  public static RowResult imported(String key, @Nullable Long id, @Nullable String reason) {
    return new RowResult(key, Outcome.IMPORTED, id, reason);
  }

  /** A row that was here already. */
  public static RowResult present(String key, @Nullable Long id) {
    return present(key, id, null);
  }

  /** A row for which there is something here already, which stays. */
  public static RowResult present(String key, @Nullable Long id, @Nullable String reason) {
    return new RowResult(key, Outcome.PRESENT, id, reason);
  }

  /** A row that was here, and whose user or somebody else has deleted it since. */
  public static RowResult deletedSince(String key) {
    return skipped(key, "deleted here since it was imported");
  }

  /** A row that is not here. */
  public static RowResult skipped(String key, String reason) {
    return new RowResult(key, Outcome.SKIPPED, null, reason);
  }
}
