package io.mybella.fakeelevenlabs;

import java.util.Map;

/**
 * An answer as it should be, before a fault changes it.
 *
 * @param status of HTTP
 * @param mediaType of the body
 * @param headers besides the media type
 * @param content the body
 */
record Reply(int status, String mediaType, Map<String, String> headers, Content content) {

  static Reply json(Object value) {
    return new Reply(200, "application/json", Map.of(), Json.of(value));
  }
}
