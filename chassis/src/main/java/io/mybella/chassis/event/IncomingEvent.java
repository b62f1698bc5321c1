package io.mybella.chassis.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * A CloudEvent as it came from a topic.
 *
 * @param id the producer's id; the same for every resend
 * @param type such as {@code io.example.thing.happened.v1}
 * @param source the service that produced it
 * @param subject what it is about; empty when the producer named nothing
 * @param time when it happened; null when the producer did not say
 * @param json the data
 */
public record IncomingEvent(
    UUID id, String type, String source, String subject, @Nullable Instant time, String json) {

  private static final Pattern VERSION = Pattern.compile("\\.v\\d+$");

  /** Unknown members are allowed: producers may add some within a version of a type. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  /**
   * Reads the attributes of a CloudEvent from the headers of a message.
   *
   * @throws MalformedEventException when a required attribute is missing or malformed
   */
  public static IncomingEvent of(Message<byte[]> message) {
    return of(message.getHeaders(), message.getPayload());
  }

  static IncomingEvent of(Map<String, Object> headers, byte[] json) {
    String time = header(headers, CloudEventHeaders.TIME);
    try {
      return new IncomingEvent(
          UUID.fromString(required(headers, CloudEventHeaders.ID)),
          required(headers, CloudEventHeaders.TYPE),
          required(headers, CloudEventHeaders.SOURCE),
          header(headers, CloudEventHeaders.SUBJECT),
          time.isEmpty() ? null : Instant.parse(time),
          new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | DateTimeParseException malformed) {
      throw new MalformedEventException("The event's id or time is malformed", malformed);
    }
  }

  /**
   * The data as a record.
   *
   * @param shape a record whose components carry the snake_case members
   * @throws MalformedEventException when the data is no such JSON
   */
  public <T> T data(Class<T> shape) {
    try {
      return JSON.readValue(json, shape);
    } catch (JacksonException malformed) {
      throw new MalformedEventException("The data of " + type + " cannot be read", malformed);
    }
  }

  /**
   * Lets go of an event that its consumer does not read: of a type that came later, or that is for
   * others. An unknown version of a type that it does read is for an operator to see.
   *
   * @param read the types that the consumer reads
   * @throws MalformedEventException when this is another version of one of those
   */
  public void ignoreUnless(String... read) {
    for (String each : read) {
      if (withoutVersion(each).equals(withoutVersion(type))) {
        throw new MalformedEventException("The version of " + type + " is unknown", null);
      }
    }
  }

  private static String withoutVersion(String type) {
    return VERSION.matcher(type).replaceFirst("");
  }

  private static String required(Map<String, Object> headers, String name) {
    String value = header(headers, name);
    if (value.isEmpty()) {
      throw new MalformedEventException("The header " + name + " is missing", null);
    }
    return value;
  }

  /** Headers written by other producers arrive as bytes, those of Spring as text. */
  private static String header(Map<String, Object> headers, String name) {
    return switch (headers.get(name)) {
      case null -> "";
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case Object value -> value.toString();
    };
  }
}
