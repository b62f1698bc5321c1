package io.mybella.memory.recall;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a history.
 *
 * @param stems what its words have in common with their other forms, each once
 * @param named the place of the only speaker whom it names; -1 when it names none or several
 * @param asksWhen whether it asks for a time
 * @param time the day or month that it names
 */
record Question(Set<String> stems, int named, boolean asksWhen, @Nullable NamedTime time) {

  /** Stems of a question at most: of a long text its beginning is taken. */
  private static final int STEMS = 200;

  /**
   * Reads a question.
   *
   * @param names of those who have spoken and said nothing of their names
   */
  static Question of(String text, PairIndex index, Names names) {
    List<String> words = Words.plain(text);
    Language language = index.languageOf(words);
    var stems = new LinkedHashSet<String>();
    for (String stem : language.stems(text)) {
      if (stems.size() < STEMS) {
        stems.add(stem);
      }
    }
    return new Question(
        stems,
        onlyOne(named(words, language, index.speakers(), names)),
        asksWhen(words, language),
        NamedTime.in(text, words, language).orElse(null));
  }

  /** Whoever asks is the user, and whoever is asked the persona. */
  private static List<Integer> named(
      List<String> words, Language language, List<Speaker> speakers, Names names) {
    Set<String> asked = new HashSet<>(words);
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < speakers.size(); i++) {
      String name = names.of(speakers.get(i));
      boolean called =
          name != null
              && Words.plain(name).stream()
                  .anyMatch(each -> asked.contains(each) || asked.contains(each + "'s"));
      if (called || isSpokenTo(speakers.get(i), asked, language)) {
        named.add(i);
      }
    }
    return named;
  }

  private static boolean isSpokenTo(Speaker speaker, Set<String> asked, Language language) {
    return switch (speaker.role()) {
      case USER -> Language.anyOf(asked, language.firstPerson());
      case ASSISTANT -> Language.anyOf(asked, language.secondPerson());
      case SYSTEM -> false;
    };
  }

  private static int onlyOne(List<Integer> named) {
    return named.size() == 1 ? named.getFirst() : -1;
  }

  private static boolean asksWhen(List<String> words, Language language) {
    String spaced = " " + String.join(" ", words) + " ";
    return language.when().stream().anyMatch(phrase -> spaced.contains(" " + phrase + " "));
  }
}
