package de.dfki.lt.tools.tokenizer.annotate;

import org.jspecify.annotations.Nullable;

/**
 * A text and a cursor; ranges of the text carry values under named keys.
 *
 * <p>Only what MaryTTS calls is declared. A <em>run</em> of a key is the range around the cursor
 * that was annotated in one call, or the gap between two such ranges.
 */
public interface AnnotatedString {

  /**
   * Moves the cursor.
   *
   * @param index 0 up to and including the length of the text
   * @return the character there, or {@link java.text.CharacterIterator#DONE} behind the last one
   * @throws IllegalArgumentException outside the text
   */
  char setIndex(int index);

  /** First index of the run of this key around the cursor. */
  int getRunStart(String key);

  /** Index behind the run of this key around the cursor; always greater than the cursor. */
  int getRunLimit(String key);

  /** The value of this key at the cursor, or {@code null} in a gap. */
  @Nullable Object getAnnotation(String key);

  /** The text between two indexes, the second exclusive. */
  String substring(int start, int end);
}
