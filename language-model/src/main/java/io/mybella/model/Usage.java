package io.mybella.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an answer took, as the server counts it.
 *
 * @param promptTokens tokens that the model was given; {@code null} when the server does not tell
 * @param completionTokens tokens that it made, hidden thoughts included; {@code null} likewise
 */
public record Usage(@Nullable Integer promptTokens, @Nullable Integer completionTokens) {

  /** The server has not told. */
  public static final Usage UNKNOWN = new Usage(null, null);

  /** The object {@code usage} of an answer; a number that is none, or below zero, is not told. */
  static Usage of(JsonNode usage) {
    return new Usage(count(usage.path("prompt_tokens")), count(usage.path("completion_tokens")));
  }

  private static @Nullable Integer count(JsonNode tokens) {
    return tokens.isIntegralNumber() && tokens.canConvertToInt() && tokens.intValue() >= 0
        ? tokens.intValue()
        : null;
  }
}
