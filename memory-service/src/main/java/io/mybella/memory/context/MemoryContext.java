package io.mybella.memory.context;

import io.mybella.memory.fact.Fact;
import io.mybella.memory.history.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model should be given to answer in character.
 *
 * @param messages the recent messages, oldest first
 * @param summary of what came before them; null when there is none
 * @param preferences what the persona has learned, surest first
 * @param recalled older messages that bear on what is asked for
 */
public record MemoryContext(
    List<Message> messages,
    @Nullable String summary,
    List<Preference> preferences,
    List<Message> recalled) {

  /**
   * Something the persona has learned about the user.
   *
   * @param confidence 0 to 1
   */
  public record Preference(String category, String key, String value, double confidence) {

    /** The words of it that a model is given. */
    String text() {
      return category + ' ' + key + ' ' + value;
    }

    static Preference of(Fact fact) {
      return new Preference(
          fact.name().category(), fact.name().key(), fact.value(), fact.confidence());
    }
  }
}
