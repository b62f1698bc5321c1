package io.mybella.memory.recall;

import io.mybella.memory.vector.ByteVector;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, before it is held against a history.
 *
 * @param meaning what it means; null where that is not known
 */
record Asked(String text, @Nullable Meaning meaning) {

  /**
   * What a question means.
   *
   * @param model of whose vectors it is one
   * @param near from which cosine on a turn bears on it that has no word of it
   */
  record Meaning(String model, ByteVector vector, float near) {}

  /** A question of which the words alone are known. */
  static Asked inWords(String text) {
    return new Asked(text, null);
  }
}
