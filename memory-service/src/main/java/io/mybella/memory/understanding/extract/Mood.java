package io.mybella.memory.understanding.extract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells the mood of a user by words: that whose words come most often, and of several the one that
 * came last. A word after a negation, at most two words away from it, does not count.
 *
 * <p>A word list has a line for each mood, {@code name = word word …}; a word that ends in {@code
 * *} is the beginning of words, and the line {@code not} has the negations.
 */
final class Mood {

  private static final String NEGATIONS = "not";

  private final Map<String, Pattern> moods;
  private final @Nullable Pattern negated;

  private Mood(Map<String, Pattern> moods, @Nullable Pattern negated) {
    this.moods = moods;
    this.negated = negated;
  }

  /**
   * Reads a word list.
   *
   * @throws IllegalArgumentException when a line is none
   */
  static Mood parse(List<String> lines) {
    Map<String, Pattern> moods = new LinkedHashMap<>();
    Pattern negated = null;
    for (String line : lines) {
      String[] sides = line.split("\\s*=\\s*", 2);
      if (sides.length < 2 || sides[1].isBlank()) {
        throw new IllegalArgumentException("No mood and its words: " + line);
      }
      String words =
          Stream.of(sides[1].split("\\s+")).map(Mood::word).collect(Collectors.joining("|"));
      if (sides[0].equals(NEGATIONS)) {
        negated = Pattern.compile("(?:" + words + ")[\\s,]+(?:[\\p{L}']+[\\s,]+){0,2}$");
      } else {
        moods.put(sides[0], Pattern.compile("(?:" + words + ")"));
      }
    }
    return new Mood(moods, negated);
  }

  /** Words of languages without spaces stand within others. */
  private static String word(String word) {
    boolean beginning = word.endsWith("*");
    String text = Pattern.quote(beginning ? word.substring(0, word.length() - 1) : word);
    boolean alone = word.codePoints().allMatch(each -> each < 0x3000);
    String end = beginning ? "" : "(?![\\p{L}'])";
    return alone ? "(?<![\\p{L}'])" + text + end : text;
  }

  /** The mood of what a user said, in order; empty when nothing tells. */
  Optional<String> of(Stream<String> said) {
    String text = said.map(Words::small).collect(Collectors.joining("\n")).toLowerCase(Locale.ROOT);
    String best = null;
    long most = 0;
    int last = -1;
    for (Map.Entry<String, Pattern> each : moods.entrySet()) {
      List<MatchResult> found =
          each.getValue().matcher(text).results().filter(word -> !isNegated(text, word)).toList();
      int end = found.isEmpty() ? -1 : found.getLast().end();
      if (found.size() > most || (found.size() == most && end > last)) {
        best = each.getKey();
        most = found.size();
        last = end;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isNegated(String text, MatchResult word) {
    // A line is what was said at once; a negation of the sentence before is seldom that near.
    int begin = Math.max(text.lastIndexOf('\n', word.start()) + 1, word.start() - 40);
    return negated != null && negated.matcher(text).region(begin, word.start()).find();
  }
}
