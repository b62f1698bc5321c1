package io.mybella.memory.understanding.extract;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A language: its stop words, the stems of its words, and what it says of moods and facts. It is
 * recognised by the share of its stop words in a text, which is a well-known way (Grefenstette
 * 1995) and needs no data beside them; Japanese by its script.
 */
final class Language {

  static final Language UNKNOWN = new Language("und", null);

  private static final Language JAPANESE = new Language("ja", null);

  /** Of two that fit as well the first is taken. */
  private static final List<Language> KNOWN =
      List.of(
          new Language("en", "English"),
          new Language("de", "German"),
          new Language("fr", "French"),
          new Language("es", "Spanish"),
          new Language("it", "Italian"),
          new Language("pt", "Portuguese"),
          new Language("nl", "Dutch"),
          new Language("da", "Danish"),
          new Language("no", "Norwegian"),
          new Language("sv", "Swedish"),
          new Language("fi", "Finnish"),
          new Language("hu", "Hungarian"),
          new Language("ru", "Russian"));

  /** One word in so many must be a stop word of a language. */
  private static final int ONE_IN = 8;

  /** Words that are looked at to recognise it. */
  private static final int LOOKED_AT = 2_000;

  private static final Pattern KANA = Pattern.compile("\\p{IsHiragana}");

  private final Locale locale;
  private final CharArraySet stopWords;
  private final Analyzer analyzer;
  private final Mood mood;
  private final Facts facts;

  private Language(String code, @Nullable String snowball) {
    this.locale = Locale.of(code);
    this.stopWords = snowball == null ? CharArraySet.EMPTY_SET : stopWords(snowball);
    this.analyzer = analyzer(snowball);
    this.mood = Mood.parse(lines("mood", code));
    this.facts = Facts.parse(lines("facts", code));
  }

  /** That of the texts; {@link #UNKNOWN} when nothing tells. */
  static Language of(List<String> texts) {
    if (texts.stream().anyMatch(text -> KANA.matcher(text).find())) {
      return JAPANESE;
    }
    List<String> words =
        texts.stream().flatMap(text -> Words.plain(text).stream()).limit(LOOKED_AT).toList();
    Language best = UNKNOWN;
    long most = words.size() / ONE_IN;
    for (Language each : KNOWN) {
      long stops = words.stream().filter(each::isStopWord).count();
      if (stops > most) {
        best = each;
        most = stops;
      }
    }
    return best;
  }

  Locale locale() {
    return locale;
  }

  Analyzer analyzer() {
    return analyzer;
  }

  Mood mood() {
    return mood;
  }

  Facts facts() {
    return facts;
  }

  boolean isStopWord(String lowerCase) {
    return stopWords.contains(lowerCase);
  }

  private static Analyzer analyzer(@Nullable String snowball) {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = new StandardTokenizer();
        TokenStream small = new LowerCaseFilter(words);
        return new TokenStreamComponents(
            words, snowball == null ? small : new SnowballFilter(small, snowball));
      }
    };
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

  /** Those of a word list, without comments; none when the language has no such list. */
  private static List<String> lines(String list, String code) {
    try (InputStream in = Language.class.getResourceAsStream(list + "." + code + ".txt")) {
      if (in == null) {
        return List.of();
      }
      List<String> lines = new ArrayList<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(lines::add);
      return lines;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
