package io.mybella.persona.identity;

import org.jspecify.annotations.Nullable;

/**
 * A persona, living or not. Callers may name any number: whether there is such a persona, and for
 * whom, the catalogue says.
 *
 * @param value that of a persona is positive
 */
public record PersonaId(long value) {

  /** The persona of a column that may be empty; null when it is. */
  public static @Nullable PersonaId ofNullable(@Nullable Long value) {
    return value == null ? null : new PersonaId(value);
  }

  /** The number. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
