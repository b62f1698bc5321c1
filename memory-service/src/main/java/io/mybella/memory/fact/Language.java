package io.mybella.memory.fact;

import io.mybella.contracts.TextLimits;
import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.fact.Finding.Withdrawal;
import io.mybella.memory.fact.Finding.Withdrawal.Named;
import io.mybella.memory.fact.Template.Told;
import io.mybella.memory.history.Said;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * How somebody says in one language what is to be remembered or forgotten.
 *
 * @param triggers words of which one stands in whatever is found here
 * @param abbreviations after which a full stop ends no sentence
 * @param lead what a sentence may begin with before it comes to the point
 * @param remember after which comes what is to be remembered, the longest first
 * @param forget after which comes what is to be forgotten, the longest first
 * @param own what begins the name of something that is one's own
 * @param properties how something with a name is told
 * @param remembered how it is told in what is to be remembered
 */
record Language(
    Set<String> triggers,
    Set<String> abbreviations,
    List<String> lead,
    List<String> remember,
    List<String> forget,
    List<String> own,
    List<Template> properties,
    List<Template> remembered) {

  /** The category of statements, which have no name but their own words. */
  static final String STATEMENTS = "remembered";

  /** A statement that is longer is called by its beginning and a checksum. */
  private static final int KEY = 110;

  /** Words that lead to the point, at most. */
  private static final int LEAD = 4;

  /** Reads a file in UTF-8. */
  static Language read(Resource file) throws IOException {
    var properties = new Properties();
    try (Reader reader = new InputStreamReader(file.getInputStream(), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    List<String> remember = phrases(properties, "remember");
    List<String> forget = phrases(properties, "forget");
    List<Template> told = templates(properties, "property.");
    Set<String> triggers = new HashSet<>();
    Stream.of(remember, forget)
        .flatMap(List::stream)
        .map(Template::longestWord)
        .forEach(triggers::add);
    told.stream().map(Template::trigger).forEach(triggers::add);
    return new Language(
        Set.copyOf(triggers),
        Set.copyOf(phrases(properties, "abbreviations")),
        phrases(properties, "lead"),
        remember,
        forget,
        phrases(properties, "own"),
        told,
        Stream.concat(told.stream(), templates(properties, "remembered.").stream()).toList());
  }

  private static List<String> phrases(Properties properties, String name) {
    return Arrays.stream(properties.getProperty(name, "").split("\\|", -1))
        .map(phrase -> Sentence.lower(phrase.strip()))
        .filter(phrase -> !phrase.isEmpty())
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  private static List<Template> templates(Properties properties, String prefix) {
    return properties.stringPropertyNames().stream()
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .map(name -> Template.parse(properties.getProperty(name)))
        .toList();
  }

  /** Whether a text in lower case may have something to be found. */
  boolean mayTell(String lower) {
    return triggers.stream().anyMatch(lower::contains);
  }

  /** What a sentence tells. */
  Optional<Finding> finding(Sentence sentence, Said message, boolean past) {
    for (int at = 0; at >= 0; at = nextClause(sentence, at)) {
      int begin = afterLead(sentence, at);
      Optional<Finding> found = finding(sentence, begin, at == 0, message, past);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Behind the next comma or colon; less than 0 when there is none. */
  private static int nextClause(Sentence sentence, int from) {
    for (int i = from; i < sentence.lower().length() - 2; i++) {
      char each = sentence.lower().charAt(i);
      if ((each == ',' || each == ':' || each == ';') && sentence.lower().charAt(i + 1) == ' ') {
        return i + 2;
      }
    }
    return -1;
  }

  private int afterLead(Sentence sentence, int from) {
    int at = from;
    for (int words = 0; words < LEAD; words++) {
      int next = after(lead, sentence, at);
      if (next < 0) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private Optional<Finding> finding(
      Sentence sentence, int begin, boolean first, Said message, boolean past) {
    int told = after(remember, sentence, begin);
    if (told >= 0) {
      return remembered(sentence, told, message, past);
    }
    int withdrawn = after(forget, sentence, begin);
    if (withdrawn >= 0) {
      return Optional.of(withdrawal(sentence, withdrawn, message, past));
    }
    return first
        ? told(properties, sentence, begin).map(named -> observation(named, message, past))
        : Optional.empty();
  }

  /**
   * Where the text goes on after one of the phrases; less than 0 when none of them stands there.
   */
  private static int after(List<String> phrases, Sentence sentence, int at) {
    String text = sentence.lower();
    for (String phrase : phrases) {
      int end = at + phrase.length();
      if (text.startsWith(phrase, at) && end < text.length() && text.charAt(end) == ' ') {
        return end + 1;
      }
      boolean lead = end < text.length() - 1 && text.charAt(end) == ',';
      if (text.startsWith(phrase, at) && lead && text.charAt(end + 1) == ' ') {
        return end + 2;
      }
    }
    return -1;
  }

  private Optional<Finding> remembered(Sentence sentence, int begin, Said message, boolean past) {
    Optional<Told> named = told(remembered, sentence, begin);
    if (named.isPresent()) {
      return named.map(each -> observation(each, message, past));
    }
    String statement = sentence.text().substring(begin).strip();
    if (statement.codePointCount(0, statement.length()) > TextLimits.PREFERENCE_VALUE) {
      return Optional.empty();
    }
    String words = Words.of(statement);
    return words.indexOf(' ') < 0
        ? Optional.empty()
        : FactName.of(STATEMENTS, called(words))
            .map(name -> observation(new Told(name, statement), message, past));
  }

  /** What a statement is called in the list of what is known: its words, if they are not many. */
  private static String called(String words) {
    if (words.codePointCount(0, words.length()) <= TextLimits.PREFERENCE_KEY) {
      return words;
    }
    String beginning = words.substring(0, words.offsetByCodePoints(0, KEY));
    return beginning.substring(0, Math.max(1, beginning.lastIndexOf(' ')))
        + " "
        + Integer.toHexString(words.hashCode());
  }

  private Withdrawal withdrawal(Sentence sentence, int begin, Said message, boolean past) {
    Set<String> words = new HashSet<>();
    words.add(Words.of(sentence.text().substring(begin)));
    int name = after(own, sentence, begin);
    if (name >= 0) {
      words.add(Words.of(sentence.text().substring(name)));
    }
    @Nullable Named named =
        told(remembered, sentence, begin)
            .map(each -> new Named(each.name(), Words.of(each.value())))
            .orElse(null);
    return new Withdrawal(words, named, message.at(), past);
  }

  private static Optional<Told> told(List<Template> templates, Sentence sentence, int begin) {
    return templates.stream().flatMap(each -> each.told(sentence, begin).stream()).findFirst();
  }

  private static Finding observation(Told told, Said message, boolean past) {
    return new Observation(
        told.name(),
        told.value(),
        Source.TOLD,
        Source.TOLD.confidence(),
        message.id(),
        message.at(),
        past);
  }
}
