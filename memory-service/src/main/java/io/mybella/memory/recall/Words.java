package io.mybella.memory.recall;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The words of texts and dates. */
final class Words {

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}']*");
  private static final Pattern ASKS = Pattern.compile("[?？؟][\\p{P}\\p{Z}\\s]*\\z");

  /** So much of the end of a text may be behind its question mark. */
  private static final int END = 8;

  private Words() {}

  /** All words of a text in small letters; telephones type typographic apostrophes. */
  static List<String> plain(String text) {
    return PLAIN
        .matcher(text.toLowerCase(Locale.ROOT).replace('\u2019', '\''))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** Whether a text ends with a question mark. */
  static boolean asks(String text) {
    return ASKS.matcher(text.substring(Math.max(0, text.length() - END))).find();
  }

  /** A day as its words, so that it is found by them: its number, its month, its year. */
  static List<String> ofDate(Instant at, Language language) {
    LocalDate day = date(at);
    List<String> words = new ArrayList<>();
    words.add(Integer.toString(day.getDayOfMonth()));
    if (!language.months().isEmpty()) {
      words.addAll(language.stems(language.months().get(day.getMonthValue() - 1)));
    }
    words.add(Integer.toString(day.getYear()));
    return words;
  }

  /** Days since 1970. */
  static int day(Instant at) {
    return (int) date(at).toEpochDay();
  }

  private static LocalDate date(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }
}
