package io.mybella.memory.fact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A sentence, with single blanks and plain apostrophes.
 *
 * @param text as it was written
 * @param lower the same in lower case; each character stands where it stands in the text
 */
record Sentence(String text, String lower) {

  private static Sentence of(String text) {
    return new Sentence(text, lower(text));
  }

  /** The sentences of a text that are no questions. */
  static Stream<Sentence> of(String text, Set<String> abbreviations) {
    List<Sentence> sentences = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || ends(text, begin, i, abbreviations)) {
        String words = plain(text, begin, i);
        if (!words.isEmpty() && (i == text.length() || text.charAt(i) != '?')) {
          sentences.add(of(words));
        }
        begin = i + 1;
      }
    }
    return sentences.stream();
  }

  private static boolean ends(String text, int begin, int at, Set<String> abbreviations) {
    return switch (text.charAt(at)) {
      case '\n', '!', '?', '\u2026' -> true;
      case '.' ->
          (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)))
              && !abbreviations.contains(lastWord(text, begin, at));
      default -> false;
    };
  }

  /** Of at most a few letters: nothing longer is an abbreviation. */
  private static String lastWord(String text, int begin, int end) {
    int from = end;
    while (from > begin && end - from < 10 && !Character.isWhitespace(text.charAt(from - 1))) {
      from--;
    }
    return lower(text.substring(from, end));
  }

  private static String plain(String text, int begin, int end) {
    var plain = new StringBuilder(end - begin);
    for (int i = begin; i < end; i++) {
      char each = text.charAt(i);
      if (!Character.isWhitespace(each) && each != '\u00a0') {
        plain.append(each == '\u2019' ? '\'' : each);
      } else if (!plain.isEmpty() && plain.charAt(plain.length() - 1) != ' ') {
        plain.append(' ');
      }
    }
    return plain.toString().stripTrailing();
  }

  /** Lower case, character by character, so that places stay what they are. */
  static String lower(String text) {
    var lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      lower.append(Character.toLowerCase(text.charAt(i)));
    }
    return lower.toString();
  }
}
