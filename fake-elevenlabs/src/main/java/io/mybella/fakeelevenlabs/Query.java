package io.mybella.fakeelevenlabs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a request. */
final class Query {

  private final List<String[]> parameters = new ArrayList<>();

  /**
   * Reads them.
   *
   * @param raw as they came; {@code null} without any
   * @throws ApiError when they cannot be decoded
   */
  Query(@Nullable String raw) throws ApiError {
    if (raw == null) {
      return;
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      try {
        parameters.add(
            new String[] {
              decoded(equals < 0 ? pair : pair.substring(0, equals)),
              equals < 0 ? "" : decoded(pair.substring(equals + 1))
            });
      } catch (IllegalArgumentException e) {
        throw ApiError.invalid(List.of("query"), "It cannot be decoded", "value_error");
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  List<String> all(String name) {
    return parameters.stream().filter(each -> each[0].equals(name)).map(each -> each[1]).toList();
  }

  /** Its first value; empty when it is missing. */
  String first(String name) {
    return all(name).stream().findFirst().orElse("");
  }

  int number(String name, int missing, int least, int most) throws ApiError {
    String text = first(name);
    if (text.isEmpty()) {
      return missing;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for one out of bounds.
    }
    throw ApiError.invalid(
        List.of("query", name),
        "Input should be a whole number from %d to %d".formatted(least, most),
        "int_parsing");
  }
}
