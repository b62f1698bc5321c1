package io.mybella.memory.recall;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.jspecify.annotations.Nullable;

/**
 * What a language says of who speaks and when, and the stems of its words. A language without a
 * file has neither: its words are compared as they are, and the rules of a file do not apply.
 *
 * @param name in English
 * @param when what asks for a time
 * @param time what tells one
 * @param firstPerson what somebody says of themselves
 * @param secondPerson how somebody is spoken to
 * @param months their names, January first; empty when dates are not recognised
 * @param alsoWords those that mean something else, too, where no number stands beside them
 */
record Language(
    Locale locale,
    String name,
    Analyzer analyzer,
    Set<String> stopWords,
    List<String> when,
    Set<String> time,
    Set<String> firstPerson,
    Set<String> secondPerson,
    List<String> months,
    Set<String> alsoWords) {

  /** That of which nothing is known. */
  static final Language UNKNOWN = read(Locale.ROOT, new Properties());

  /** Reads a file in UTF-8. */
  static Language read(Locale locale, InputStream file) throws IOException {
    var properties = new Properties();
    try (Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return read(locale, properties);
  }

  private static Language read(Locale locale, Properties properties) {
    String snowball = properties.getProperty("snowball");
    CharArraySet stopWords = snowball == null ? CharArraySet.EMPTY_SET : stopWords(snowball);
    return new Language(
        locale,
        properties.getProperty("snowball", ""),
        analyzer(snowball, stopWords),
        stopWords.stream().map(each -> new String((char[]) each)).collect(Collectors.toSet()),
        phrases(properties, "when"),
        Set.copyOf(phrases(properties, "time")),
        Set.copyOf(phrases(properties, "first-person")),
        Set.copyOf(phrases(properties, "second-person")),
        phrases(properties, "months"),
        Set.copyOf(phrases(properties, "also-words")));
  }

  private static List<String> phrases(Properties properties, String name) {
    return Arrays.stream(properties.getProperty(name, "").split("\\|", -1))
        .map(phrase -> phrase.strip().toLowerCase(Locale.ROOT))
        .filter(phrase -> !phrase.isEmpty())
        .toList();
  }

  private static CharArraySet stopWords(String snowball) {
    String file = snowball.toLowerCase(Locale.ROOT) + "_stop.txt";
    try (InputStream in = SnowballFilter.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("Lucene has no " + file);
      }
      return WordlistLoader.getSnowballWordSet(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Analyzer analyzer(@Nullable String snowball, CharArraySet stopWords) {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = new StandardTokenizer();
        TokenStream small = new StopFilter(new LowerCaseFilter(words), stopWords);
        return new TokenStreamComponents(
            words, snowball == null ? small : new SnowballFilter(small, snowball));
      }
    };
  }

  /** The stems of the words of a text, in order, without those that say nothing. */
  List<String> stems(String text) {
    List<String> stems = new ArrayList<>();
    try (TokenStream tokens = analyzer.tokenStream("", text.replace('\u2019', '\''))) {
      CharTermAttribute stem = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        stems.add(stem.toString());
      }
      tokens.end();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return stems;
  }

  /** Whether one of the words is among some. */
  static boolean anyOf(Collection<String> words, Set<String> some) {
    return words.stream().anyMatch(some::contains);
  }
}
