package io.mybella.memory.history.web;

import io.mybella.chassis.text.StorableText;
import io.mybella.contracts.TextLimits;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.io.StringWriter;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A JSON object that an application stores with a message. It is copied while it is read, token by
 * token, and no further than its bounds: a tree of it would take many times its size.
 *
 * @param json the object, with its numbers written out as the database does; null when it exceeds a
 *     bound or has text that cannot be stored
 */
@JsonDeserialize(using = Metadata.Reader.class)
public record Metadata(@Nullable String json) {

  /** Refuses metadata beyond the bounds. */
  @Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.PARAMETER})
  @Retention(RetentionPolicy.RUNTIME)
  @Constraint(validatedBy = Bounds.class)
  public @interface Bounded {

    /** The words for the caller. */
    String message() default
        "must be an object of at most "
            + TextLimits.METADATA
            + " characters, numbers written out, at most "
            + TextLimits.METADATA_DEPTH
            + " levels deep, without NUL or unpaired surrogates";

    /** Unused. */
    Class<?>[] groups() default {};

    /** Unused. */
    Class<? extends Payload>[] payload() default {};
  }

  /** Judges what was read. */
  public static final class Bounds implements ConstraintValidator<Bounded, Metadata> {

    @Override
    public boolean isValid(@Nullable Metadata metadata, ConstraintValidatorContext context) {
      return metadata == null || metadata.json != null;
    }
  }

  /** Reads an object in one pass; what is beyond a bound is passed over. */
  public static final class Reader extends ValueDeserializer<Metadata> {

    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public Metadata deserialize(JsonParser in, DeserializationContext context) {
      if (!in.isExpectedStartObjectToken()) {
        return (Metadata) context.handleUnexpectedToken(Metadata.class, in);
      }
      var written = new StringWriter();
      try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), written)) {
        int depth = 0;
        boolean fits = true;
        do {
          if (depth > 0) {
            in.nextToken();
          }
          switch (in.currentToken()) {
            case START_OBJECT, START_ARRAY -> depth++;
            case END_OBJECT, END_ARRAY -> depth--;
            default -> {}
          }
          fits =
              fits
                  && depth <= TextLimits.METADATA_DEPTH
                  && copy(in, out, TextLimits.METADATA - length(out, written));
        } while (depth > 0);
        if (!fits || length(out, written) > TextLimits.METADATA) {
          return new Metadata(null);
        }
      }
      return new Metadata(written.toString());
    }

    private static int length(JsonGenerator out, StringWriter written) {
      return written.getBuffer().length() + out.streamWriteOutputBuffered();
    }

    /**
     * Writes the current token.
     *
     * @param room how many characters may follow
     * @return whether it could be written
     */
    private static boolean copy(JsonParser in, JsonGenerator out, int room) {
      switch (in.currentToken()) {
        case START_OBJECT -> out.writeStartObject();
        case END_OBJECT -> out.writeEndObject();
        case START_ARRAY -> out.writeStartArray();
        case END_ARRAY -> out.writeEndArray();
        case PROPERTY_NAME -> {
          if (!isStorable(in.currentName(), room)) {
            return false;
          }
          out.writeName(in.currentName());
        }
        case VALUE_STRING -> {
          if (!isStorable(in.getString(), room)) {
            return false;
          }
          out.writeString(in.getString());
        }
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
          String number = writtenOut(in.getString(), room);
          if (number == null) {
            return false;
          }
          out.writeNumber(number);
        }
        case VALUE_TRUE, VALUE_FALSE -> out.writeBoolean(in.getBooleanValue());
        case VALUE_NULL -> out.writeNull();
        default -> throw new IllegalStateException("No token of JSON: " + in.currentToken());
      }
      return room >= 0;
    }

    private static boolean isStorable(String text, int room) {
      return text.length() <= room && StorableText.isStorable(text);
    }

    /**
     * A number without exponent, as the database gives it back: {@code 1e9} has ten digits there.
     *
     * @return null when that takes more room
     */
    private static @Nullable String writtenOut(String number, int room) {
      BigDecimal value;
      try {
        value = new BigDecimal(number);
      } catch (NumberFormatException beyondExponents) {
        return null;
      }
      long digits = Math.max(value.precision(), Math.abs((long) value.scale()));
      return digits > room ? null : value.toPlainString();
    }
  }
}
