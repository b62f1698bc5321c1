package io.mybella.memory.understanding;

import java.util.List;

/**
 * What was said in a conversation, or the last part of it.
 *
 * @param utterances oldest first, at most {@value #MOST_UTTERANCES}
 */
public record Talk(List<Utterance> utterances) {

  /** Of a longer conversation the newest utterances are looked at. */
  public static final int MOST_UTTERANCES = 400;

  /** Of a longer utterance this many characters are looked at, those at its beginning. */
  public static final int MOST_CHARACTERS = 1_000;

  /** Copies the list. */
  public Talk {
    utterances = List.copyOf(utterances);
  }

  /**
   * Something that was said.
   *
   * @param byUser whether the user has said it, and not the persona
   * @param text at most {@value #MOST_CHARACTERS} characters
   */
  public record Utterance(boolean byUser, String text) {}
}
