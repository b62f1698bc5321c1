package io.mybella.memory.fact;

import io.mybella.memory.history.Role;
import io.mybella.memory.history.Said;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * Finds what users tell in so many words: to remember or to forget something, or what their
 * favourites are. Each language is a file in {@code facts/} of the class path; a sentence is tried
 * in all of them. There are no patterns in it: the time it takes grows with the length of the text
 * alone.
 */
@Component
class ExplicitWords {

  /** How much of a message is looked at: what people say is shorter, and documents tell nothing. */
  static final int READ = 8_000;

  /** Findings of one message at most. */
  static final int MOST = 10;

  private final List<Language> languages;

  ExplicitWords() throws IOException {
    Resource[] files =
        new PathMatchingResourcePatternResolver().getResources("classpath*:facts/*.properties");
    List<Language> read = new ArrayList<>();
    for (Resource file : files) {
      read.add(Language.read(file));
    }
    this.languages = List.copyOf(read);
  }

  /**
   * What a message tells, in its order; nothing unless it is the user's.
   *
   * @param past whether it was said before others that are known already
   */
  List<Finding> findings(Said message, boolean past) {
    if (message.role() != Role.USER) {
      return List.of();
    }
    String text = message.content();
    String beginning = text.length() > READ ? text.substring(0, READ) : text;
    var lower = Sentence.lower(beginning);
    List<Language> spoken = languages.stream().filter(language -> language.mayTell(lower)).toList();
    if (spoken.isEmpty()) {
      return List.of();
    }
    return Sentence.of(beginning, abbreviations(spoken))
        .flatMap(sentence -> first(spoken, sentence, message, past))
        .limit(MOST)
        .toList();
  }

  private static Set<String> abbreviations(List<Language> spoken) {
    return spoken.stream()
        .flatMap(language -> language.abbreviations().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<Finding> first(
      List<Language> spoken, Sentence sentence, Said message, boolean past) {
    return spoken.stream()
        .flatMap(language -> language.finding(sentence, message, past).stream())
        .limit(1);
  }
}
