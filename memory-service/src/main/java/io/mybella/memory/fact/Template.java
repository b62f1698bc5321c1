package io.mybella.memory.fact;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How something with a name is told, such as {@code my favourite {key} is {value}}.
 *
 * @param before stands in front of the key; of the value, when the name has no key of its own
 * @param between key and value; empty when the name has no key of its own
 * @param behind stands at the end, after the value
 * @param category of the name
 * @param key of the name, with <code>{key}</code> for what was told
 */
record Template(String before, String between, String behind, String category, String key) {

  private static final String KEY = "{key}";
  private static final String VALUE = "{value}";

  /** Longer ones are no names, but half of a story; in words. */
  private static final int KEY_WORDS = 4;

  private static final int VALUE_WORDS = 12;

  /**
   * Something that was told.
   *
   * @param name what it is called
   */
  record Told(FactName name, String value) {}

  /**
   * Reads {@code text -> category / key}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static Template parse(String line) {
    int arrow = line.indexOf("->");
    int slash = line.indexOf('/', arrow);
    if (arrow < 0 || slash < 0) {
      throw new IllegalArgumentException("Not a text, a category and a key: " + line);
    }
    String text = Sentence.lower(line.substring(0, arrow).strip());
    String category = line.substring(arrow + 2, slash).strip();
    String key = line.substring(slash + 1).strip();
    int keyAt = text.indexOf(KEY);
    int valueAt = text.indexOf(VALUE);
    if (valueAt < 0 || keyAt > valueAt || (keyAt < 0) == key.contains(KEY)) {
      throw new IllegalArgumentException("Not a key and a value after it: " + line);
    }
    return new Template(
        text.substring(0, keyAt < 0 ? valueAt : keyAt),
        keyAt < 0 ? "" : text.substring(keyAt + KEY.length(), valueAt),
        text.substring(valueAt + VALUE.length()),
        category,
        key);
  }

  /** A word that stands in whatever is told like this. */
  String trigger() {
    return longestWord(before + " " + between + " " + behind);
  }

  /** The longest word of a phrase, the first of several. */
  static String longestWord(String phrase) {
    return Arrays.stream(phrase.split("[^\\p{L}]+", -1))
        .max(Comparator.comparingInt(String::length))
        .orElseThrow();
  }

  /** What a sentence tells from a place on. */
  Optional<Told> told(Sentence sentence, int begin) {
    String lower = sentence.lower();
    if (!lower.startsWith(before, begin)) {
      return Optional.empty();
    }
    int keyBegin = begin + before.length();
    int keyEnd = between.isEmpty() ? keyBegin : lower.indexOf(between, keyBegin);
    if (keyEnd < 0) {
      return Optional.empty();
    }
    int valueBegin = keyEnd + between.length();
    int valueEnd = end(lower, valueBegin);
    if (valueEnd <= valueBegin || !lower.startsWith(behind, valueEnd)) {
      return Optional.empty();
    }
    String named = sentence.text().substring(keyBegin, keyEnd).strip();
    String value = sentence.text().substring(valueBegin, valueEnd).strip();
    boolean fits =
        words(value) <= VALUE_WORDS
            && words(value) > 0
            && (between.isEmpty() || (words(named) > 0 && words(named) <= KEY_WORDS));
    return fits
        ? FactName.of(category, key.replace(KEY, named)).map(name -> new Told(name, value))
        : Optional.empty();
  }

  /** Where the value ends: in front of a comma, or of what stands behind. */
  private int end(String lower, int begin) {
    int comma = lower.indexOf(',', begin);
    int end = comma < 0 ? lower.length() : comma;
    return lower.substring(begin, end).endsWith(behind) ? end - behind.length() : end;
  }

  private static long words(String text) {
    return Stream.of(text.split(" ", -1)).filter(word -> !word.isBlank()).count();
  }
}
