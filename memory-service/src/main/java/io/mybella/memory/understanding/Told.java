package io.mybella.memory.understanding;

/**
 * Something that a user told of themselves. What is longer than its bound is cut.
 *
 * @param category such as {@code food}, at most {@value #NAME} characters
 * @param key such as {@code favourite dish}, likewise
 * @param value what it is, at most {@value Understood#FACT} characters
 * @param utterance where they told it: its place in the talk, from 0
 */
public record Told(String category, String key, String value, int utterance) {

  /** Characters of a category, and of a key. */
  public static final int NAME = 60;

  /** Keeps the bounds. */
  public Told {
    category = Excerpt.of(category, NAME);
    key = Excerpt.of(key, NAME);
    value = Excerpt.of(value, Understood.FACT);
  }
}
