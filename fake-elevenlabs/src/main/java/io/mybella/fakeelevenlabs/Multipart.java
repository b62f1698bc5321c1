package io.mybella.fakeelevenlabs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with files. What a part says of its type is not looked at: clients send samples as {@code
 * application/octet-stream} as well as {@code audio/wav}.
 */
final class Multipart {

  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data;.*boundary=\"?([^\";]{1,70})\"?.*", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("(?i)[; ]name=\"?([^\";\r\n]*)\"?");
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final int MOST_PARTS = 100;

  private final List<Part> parts = new ArrayList<>();

  /**
   * Reads a form.
   *
   * @throws ApiError when it is none
   */
  Multipart(String contentType, byte[] body) throws ApiError {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.matches()) {
      throw malformed("not multipart/form-data with a boundary");
    }
    // A character for each byte: sizes and positions stay those of the bytes.
    String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    String delimiter = "\r\n--" + boundary.group(1);
    int at = text.indexOf(delimiter);
    while (at >= 0 && !text.startsWith("--", at + delimiter.length())) {
      int next = text.indexOf(delimiter, at + delimiter.length());
      int head = text.indexOf(END_OF_HEAD, at);
      if (next < 0 || head < 0 || head > next || parts.size() == MOST_PARTS) {
        throw malformed("a part does not end");
      }
      parts.add(part(text.substring(at + delimiter.length(), head), text, head, next));
      at = next;
    }
    if (at < 0) {
      throw malformed("it does not end");
    }
  }

  private static Part part(String head, String text, int endOfHead, int end) throws ApiError {
    Matcher name = NAME.matcher(head);
    if (!name.find()) {
      throw malformed("a part has no name");
    }
    int begin = endOfHead + END_OF_HEAD.length();
    return new Part(name.group(1), begin > end ? "" : text.substring(begin, end));
  }

  /** The text of a part; empty when it is missing. */
  String text(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name))
        .findFirst()
        .map(
            part ->
                new String(
                    part.content().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .orElse("");
  }

  /** How many parts have that name. */
  int count(String name) {
    return (int) parts.stream().filter(part -> part.name().equals(name)).count();
  }

  /** Whether a part of that name has nothing in it. */
  boolean hasEmpty(String name) {
    return parts.stream().anyMatch(part -> part.name().equals(name) && part.content().isEmpty());
  }

  private static ApiError malformed(String why) {
    return ApiError.invalid(List.of("body"), "The form cannot be read: " + why, "value_error");
  }

  private record Part(String name, String content) {}
}
