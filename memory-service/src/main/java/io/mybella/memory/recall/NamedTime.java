package io.mybella.memory.recall;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A day or a month that a question names.
 *
 * @param month 1 to 12
 * @param day null when a whole month is named
 * @param year null when it may be any
 */
record NamedTime(int month, @Nullable Integer day, @Nullable Integer year) {

  private static final Pattern DAY = Pattern.compile("(\\d{1,2})(?:st|nd|rd|th|er)?");
  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");
  private static final Pattern ISO =
      Pattern.compile("\\b((?:19|20)\\d\\d)-(\\d\\d)(?:-(\\d\\d))?\\b");

  /** How far a day still counts, and how fast it counts less. */
  private static final int FAR = 14;

  private static final float FADING = 7;

  /** How long after a month it is still spoken of. */
  private static final int AFTERWARDS = 10;

  /**
   * The first that a text names, as 2024-03-17 or with the name of a month.
   *
   * @param words of the text, in small letters
   */
  static Optional<NamedTime> in(String text, List<String> words, Language language) {
    Matcher iso = ISO.matcher(text);
    if (iso.find()) {
      Integer day = iso.group(3) == null ? null : Integer.valueOf(iso.group(3));
      return of(Integer.parseInt(iso.group(2)), day, Integer.valueOf(iso.group(1)));
    }
    for (int i = 0; i < words.size(); i++) {
      int month = language.months().indexOf(words.get(i)) + 1;
      if (month > 0) {
        Integer day = i > 0 ? day(words.get(i - 1)) : null;
        if (day == null && i + 1 < words.size()) {
          day = day(words.get(i + 1));
        }
        Integer year =
            words.stream()
                .filter(YEAR.asMatchPredicate())
                .findFirst()
                .map(Integer::valueOf)
                .orElse(null);
        if (day != null || year != null || !language.alsoWords().contains(words.get(i))) {
          return of(month, day, year);
        }
      }
    }
    return Optional.empty();
  }

  private static @Nullable Integer day(String word) {
    Matcher day = DAY.matcher(word);
    return day.matches() ? Integer.valueOf(day.group(1)) : null;
  }

  private static Optional<NamedTime> of(int month, @Nullable Integer day, @Nullable Integer year) {
    boolean real = month >= 1 && month <= 12 && (day == null || (day >= 1 && day <= 31));
    return real ? Optional.of(new NamedTime(month, day, year)) : Optional.empty();
  }

  /**
   * How close a day is: 1 within a day of a named day, less up to two weeks from it; 1 within a
   * named month, a half in the ten days after it, when it is still spoken of.
   */
  float closeness(int epochDay) {
    LocalDate said = LocalDate.ofEpochDay(epochDay);
    if (year != null) {
      return closeness(said, year);
    }
    float closest = 0;
    for (int near = said.getYear() - 1; near <= said.getYear() + 1; near++) {
      closest = Math.max(closest, closeness(said, near));
    }
    return closest;
  }

  private float closeness(LocalDate said, int inYear) {
    YearMonth named = YearMonth.of(inYear, month);
    if (day != null) {
      return closeness(said, named.atDay(Math.min(day, named.lengthOfMonth())));
    }
    if (YearMonth.from(said).equals(named)) {
      return 1;
    }
    long after = said.toEpochDay() - named.atEndOfMonth().toEpochDay();
    return after > 0 && after <= AFTERWARDS ? 0.5f : 0;
  }

  private static float closeness(LocalDate said, LocalDate named) {
    long days = Math.abs(said.toEpochDay() - named.toEpochDay());
    if (days <= 1) {
      return 1;
    }
    return days > FAR ? 0 : (float) Math.exp(-days / FADING);
  }
}
