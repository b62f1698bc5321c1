package io.mybella.memory.understanding.extract;

import io.mybella.memory.understanding.Excerpt;
import io.mybella.memory.understanding.Understood;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Finds what users say about themselves: sentences of theirs, no questions, with a phrase of a
 * list. The list has a regular expression a line, and what says the most for good stands first: a
 * name before a taste. Of the same kind what was said later goes first.
 */
final class Facts {

  private static final Pattern QUESTION = Pattern.compile("[?？]\\s*$");

  private final List<Pattern> phrases;

  private Facts(List<Pattern> phrases) {
    this.phrases = phrases;
  }

  private record Fact(int kind, int at, String text) {}

  /**
   * Reads a list.
   *
   * @throws java.util.regex.PatternSyntaxException when a line is no regular expression
   */
  static Facts parse(List<String> lines) {
    int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    return new Facts(lines.stream().map(line -> Pattern.compile(line, flags)).toList());
  }

  /** At most {@value Understood#LISTED}, in the order in which they were said. */
  List<String> of(List<Sentence> sentences) {
    Set<String> told = new HashSet<>();
    return IntStream.range(0, sentences.size())
        .mapToObj(i -> fact(i, sentences.get(i)))
        .filter(fact -> fact.kind() < phrases.size())
        .sorted(
            Comparator.comparingInt(Fact::kind)
                .thenComparing(Comparator.comparingInt(Fact::at).reversed()))
        .filter(fact -> told.add(Words.small(fact.text())))
        .limit(Understood.LISTED)
        .sorted(Comparator.comparingInt(Fact::at))
        .map(Fact::text)
        .toList();
  }

  private Fact fact(int at, Sentence sentence) {
    String text = Excerpt.of(sentence.text(), Understood.FACT);
    boolean told = sentence.byUser() && !QUESTION.matcher(sentence.text()).find();
    return new Fact(told ? kind(Words.small(text)) : phrases.size(), at, text);
  }

  private int kind(String text) {
    return IntStream.range(0, phrases.size())
        .filter(i -> phrases.get(i).matcher(text).find())
        .findFirst()
        .orElse(phrases.size());
  }
}
