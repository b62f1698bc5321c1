package io.mybella.chat.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reply is based on: what one persona remembers of one user, and nothing else.
 *
 * @param messages the recent messages, oldest first
 * @param summary of what came before; {@code null} when there is none
 * @param preferences what the persona has learned, surest first
 * @param recalled older messages that bear on what was said
 */
public record Context(
    List<Message> messages,
    @Nullable String summary,
    List<Preference> preferences,
    List<Message> recalled) {

  /** A part that memory-service left out is empty. */
  public Context(
      @Nullable List<Message> messages,
      @Nullable String summary,
      @Nullable List<Preference> preferences,
      @Nullable List<Message> recalled) {
    this.messages = messages == null ? List.of() : List.copyOf(messages);
    this.summary = summary;
    this.preferences = preferences == null ? List.of() : List.copyOf(preferences);
    this.recalled = recalled == null ? List.of() : List.copyOf(recalled);
  }

  /**
   * Something the persona has learned about the user.
   *
   * @param category such as {@code food}
   * @param key such as {@code favourite dish}
   * @param value what it is
   */
  public record Preference(String category, String key, String value) {

    /** The category of whole statements of the user, which have no name but their words. */
    public static final String STATEMENTS = "remembered";
  }
}
