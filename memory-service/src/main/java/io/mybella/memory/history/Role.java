package io.mybella.memory.history;

import java.util.Locale;

/** Who speaks in a message. */
public enum Role {
  /** The person. */
  USER,
  /** The persona. */
  ASSISTANT,
  /** The app, to set the scene. */
  SYSTEM;

  /** The name in JSON and in the database. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Role of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
