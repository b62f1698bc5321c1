package io.mybella.chat.model;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which of the parameters that not every model takes a request has. Every server knows {@code
 * max_tokens} but those of OpenAI's reasoning models, which refuse it and want {@code
 * max_completion_tokens}; most others ignore that name, and their replies would have no bound. Some
 * models are not streamed to everybody.
 *
 * @param streams whether the reply is asked for piece by piece
 * @param bound the parameter that bounds the reply; null for none
 */
record Dialect(boolean streams, @Nullable String bound) {

  /** The one that most servers understand. */
  static final Dialect COMMON = new Dialect(true, "max_tokens");

  private static final String CURRENT = "max_completion_tokens";

  /**
   * The next one to try after a refusal. Each has less or other parameters than the one before, so
   * that three refusals are the most.
   *
   * @param refusal body of an answer with status 400 or 422
   * @return empty when the refusal is about something else
   */
  Optional<Dialect> without(String refusal) {
    String blamed = parameter(refusal);
    if (bound != null && (bound.equals(blamed) || names(refusal, bound))) {
      return Optional.of(new Dialect(streams, bound.equals(CURRENT) ? null : CURRENT));
    }
    return streams && "stream".equals(blamed)
        ? Optional.of(new Dialect(false, bound))
        : Optional.empty();
  }

  /** The name in {@code error.param}, as OpenAI tells it. */
  private static @Nullable String parameter(String refusal) {
    try {
      JsonNode name = JsonMapper.shared().readTree(refusal).at("/error/param");
      return name.isString() ? name.stringValue() : null;
    } catch (JacksonException noJson) {
      return null;
    }
  }

  private static boolean names(String refusal, String parameter) {
    return Pattern.compile("\\b" + parameter + "\\b").matcher(refusal).find();
  }
}
