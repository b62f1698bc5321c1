package io.mybella.fakeelevenlabs;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** How ElevenLabs writes: snake_case. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private Json() {}

  static Content of(Object value) {
    return Content.of(MAPPER.writeValueAsBytes(value));
  }
}
