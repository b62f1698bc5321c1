package io.mybella.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which of the parameters that not every model takes a request may have. Every server knows {@code
 * max_tokens} but those of OpenAI's reasoning models, which refuse it and want {@code
 * max_completion_tokens}; most others ignore that name, and their replies would have no bound.
 *
 * @param options what may be asked for where there is a use for it
 * @param bound the parameter that bounds the answer; null for none
 */
record Dialect(Set<Option> options, @Nullable String bound) {

  /** Something that is asked for by a parameter of its own. */
  enum Option {
    /** That a streamed answer ends with what it took; a whole one says so unasked. */
    COUNT("stream_options", true),
    /** That the answer is an object of JSON. */
    JSON("response_format", true),
    /** That the answer comes piece by piece. Some models are not streamed to everybody. */
    STREAM("stream", false);

    private final String parameter;
    private final boolean telling;

    /** A parameter, and whether a refusal that has the word in it is about it. */
    Option(String parameter, boolean telling) {
      this.parameter = parameter;
      this.telling = telling;
    }

    String parameter() {
      return parameter;
    }

    /** Whether it is blamed, itself or a member of it. */
    private boolean isRefused(String refusal, @Nullable String blamed) {
      return (blamed != null && (blamed.equals(parameter) || blamed.startsWith(parameter + ".")))
          || (telling && names(refusal, parameter));
    }
  }

  private static final String USUAL = "max_tokens";

  private static final String CURRENT = "max_completion_tokens";

  /** The one that most servers understand. */
  static final Dialect COMMON = new Dialect(EnumSet.allOf(Option.class), USUAL);

  /** What can be asked for with those options. */
  Dialect {
    options = Collections.unmodifiableSet(options);
  }

  /** All parameters that a model may refuse. */
  static List<String> parameters() {
    return Stream.concat(
            Stream.of(Option.values()).map(Option::parameter), Stream.of(USUAL, CURRENT))
        .toList();
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  /** The same without an option. */
  Dialect without(Option option) {
    Set<Option> others = EnumSet.copyOf(options);
    others.remove(option);
    return new Dialect(others, bound);
  }

  /** The same with an option. */
  Dialect with(Option option) {
    Set<Option> others = EnumSet.of(option);
    others.addAll(options);
    return new Dialect(others, bound);
  }

  /**
   * The next one to try after a refusal. Each has less or other parameters than the one before, so
   * that five refusals are the most.
   *
   * @param refusal body of an answer with status 400 or 422
   * @return empty when the refusal is about something else
   */
  Optional<Dialect> without(String refusal) {
    String blamed = parameter(refusal);
    for (Option option : options) {
      if (option.isRefused(refusal, blamed)) {
        return Optional.of(without(option));
      }
    }
    return bound != null && (bound.equals(blamed) || names(refusal, bound))
        ? Optional.of(new Dialect(options, bound.equals(CURRENT) ? null : CURRENT))
        : Optional.empty();
  }

  /** The parameter that is left out, or is called otherwise, in the next one. */
  String parameterNotIn(Dialect next) {
    return options.stream()
        .filter(option -> !next.has(option))
        .findFirst()
        .map(Option::parameter)
        .orElse(String.valueOf(bound));
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
