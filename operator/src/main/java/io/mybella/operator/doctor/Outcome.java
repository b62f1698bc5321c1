package io.mybella.operator.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a check came to, from the best to the worst. */
public enum Outcome {
  /** As it should be. */
  @JsonProperty("ok")
  OK,
  /** Could not be looked at, or does not concern this installation; the result says why. */
  @JsonProperty("skipped")
  SKIPPED,
  /** Works, but not as it should, or not for long. */
  @JsonProperty("warning")
  WARNING,
  /** Does not work. */
  @JsonProperty("failed")
  FAILED
}
