package io.mybella.memory.understanding.extract;

import io.mybella.memory.understanding.Talk;
import io.mybella.memory.understanding.Talk.Utterance;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A sentence of a talk.
 *
 * @param byUser whether the user has said it
 * @param runs its words that say something
 */
record Sentence(boolean byUser, String text, List<List<Word>> runs) {

  private static final Set<String> MARKS = Set.of("?", "？", "؟");

  /**
   * Those of a talk, in order; a line that ends is the end of a sentence. What a persona puts into
   * brackets, a whole line of it, is said about the talk and not in it: a gesture, or a notice.
   */
  static List<Sentence> of(Talk talk, Language language) {
    List<Sentence> sentences = new ArrayList<>();
    BreakIterator parts = BreakIterator.getSentenceInstance(language.locale());
    for (Utterance each : talk.utterances()) {
      each.text()
          .lines()
          .map(String::strip)
          .filter(line -> each.byUser() || !isAside(line))
          .forEach(line -> split(line, parts, each.byUser(), language, sentences));
    }
    return sentences;
  }

  private static boolean isAside(String line) {
    return line.startsWith("(") && line.endsWith(")");
  }

  private static void split(
      String line, BreakIterator parts, boolean byUser, Language language, List<Sentence> into) {
    parts.setText(line);
    int start = parts.first();
    for (int end = parts.next(); end != BreakIterator.DONE; end = parts.next()) {
      String text = line.substring(start, end).strip();
      if (!text.isEmpty()) {
        into.add(new Sentence(byUser, text, Words.runs(text, language)));
      }
      start = end;
    }
  }

  /** Whether it asks and tells nothing. */
  boolean isQuestion() {
    return MARKS.stream().anyMatch(text::endsWith);
  }

  /** The stems of its words, each as often as it is there. */
  Stream<String> stems() {
    return runs.stream().flatMap(List::stream).map(Word::stem);
  }
}
