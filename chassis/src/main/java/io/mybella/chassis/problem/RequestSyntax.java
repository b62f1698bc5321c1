package io.mybella.chassis.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What every path asks of a request before anybody reads it: a query whose escapes are UTF-8, and a
 * media type that is no wildcard. Frameworks find these out late, each in its own way.
 */
final class RequestSyntax {

  private RequestSyntax() {}

  static Optional<Problem> complaint(HttpServletRequest request) {
    if (!isText(request.getQueryString())) {
      return Optional.of(Problem.badRequest("The query of the address cannot be read"));
    }
    return isOneMediaType(request.getContentType())
        ? Optional.empty()
        : Optional.of(Problem.unsupportedMediaType("The Content-Type must name one media type"));
  }

  private static boolean isOneMediaType(@Nullable String type) {
    if (type == null || type.isEmpty()) {
      return true;
    }
    try {
      return MediaType.parseMediaType(type).isConcrete();
    } catch (InvalidMediaTypeException malformed) {
      // Refused where a body of some type is asked for, and no matter elsewhere.
      return true;
    }
  }

  /** Whether each {@code %} starts an escape and all of them together are UTF-8. */
  private static boolean isText(@Nullable String query) {
    if (query == null || query.indexOf('%') < 0) {
      return true;
    }
    ByteBuffer bytes = ByteBuffer.allocate(query.length());
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c != '%') {
        // Between escapes anything may stand that cannot be part of a longer character.
        bytes.put((byte) '?');
        continue;
      }
      if (query.length() - i < 3
          || !HexFormat.isHexDigit(query.charAt(i + 1))
          || !HexFormat.isHexDigit(query.charAt(i + 2))) {
        return false;
      }
      bytes.put((byte) HexFormat.fromHexDigits(query, i + 1, i + 3));
      i += 2;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
