package io.mybella.fakeelevenlabs;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came.
 *
 * @param method such as {@code POST}
 * @param path without the query
 * @param query as it came, not decoded; {@code null} without one
 * @param key what the header {@code xi-api-key} says
 * @param body its first 64 KiB
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Request(
    String method, String path, @Nullable String query, @Nullable String key, byte[] body) {

  /** The body as text, a character for each byte. */
  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }
}
