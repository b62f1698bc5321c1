package io.mybella.memory.history.web;

import io.mybella.chassis.text.StorableText;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Text that can be stored and given back exactly: no NUL, which PostgreSQL cannot hold, and no
 * unpaired surrogate, which UTF-8 cannot. Lengths count characters (code points), as JSON Schema
 * and the database do.
 */
@Target({
  ElementType.RECORD_COMPONENT,
  ElementType.FIELD,
  ElementType.PARAMETER,
  ElementType.METHOD,
  ElementType.TYPE_USE
})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = PlainText.OfText.class)
public @interface PlainText {

  /** The least number of characters. */
  int min() default 1;

  /** The greatest number of characters. */
  int max();

  /** The words for the caller. */
  String message() default
      "must have {min} to {max} characters, without NUL or unpaired surrogates";

  /** Unused. */
  Class<?>[] groups() default {};

  /** Unused. */
  Class<? extends Payload>[] payload() default {};

  /** Judges a text. */
  final class OfText implements ConstraintValidator<PlainText, String> {

    private int min;
    private int max;

    @Override
    public void initialize(PlainText rule) {
      min = rule.min();
      max = rule.max();
    }

    @Override
    public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
      if (text == null) {
        return true;
      }
      int length = text.codePointCount(0, text.length());
      return length >= min && length <= max && StorableText.isStorable(text);
    }
  }
}
