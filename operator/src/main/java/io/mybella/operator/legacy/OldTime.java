package io.mybella.operator.legacy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as the old app, its migrations and people with an SQL prompt wrote them: with and
 * without seconds, fractions, T and offset, as numbers of seconds or milliseconds, as in e-mails.
 * Without an offset they are UTC.
 */
public final class OldTime {

  private static final Pattern WRITTEN =
      Pattern.compile(
          "(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})"
              + "(?:[T ]\\s*(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?)?"
              + "\\s*(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("\\d{9,19}(?:\\.\\d+)?");

  /** Numbers are seconds up to here, then milliseconds, then microseconds. */
  private static final double MOST_SECONDS = 1e11;

  private static final double MOST_MILLIS = 1e14;

  private OldTime() {}

  /**
   * Reads a point in time.
   *
   * @param value a value of SQLite: text, a number or null
   * @return the time in microseconds; null when the value tells none, or one before 1970
   */
  public static @Nullable Instant read(@Nullable Object value) {
    try {
      Instant time =
          switch (value) {
            case null -> null;
            case Number number -> ofNumber(number.doubleValue());
            default -> ofText(value.toString().strip());
          };
      return time == null || time.isBefore(Instant.EPOCH) ? null : time;
    } catch (DateTimeException | ArithmeticException noSuchTime) {
      // The 30th of February, or a number beyond all years.
      return null;
    }
  }

  private static @Nullable Instant ofText(String text) {
    if (NUMBER.matcher(text).matches()) {
      return ofNumber(Double.parseDouble(text));
    }
    Matcher written = WRITTEN.matcher(text);
    if (written.matches()) {
      return LocalDateTime.of(
              number(written, 1),
              number(written, 2),
              number(written, 3),
              number(written, 4),
              number(written, 5),
              number(written, 6),
              nanos(written.group(7)))
          .toInstant(offset(written.group(8)));
    }
    return text.contains(",")
        ? ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()
        : null;
  }

  private static @Nullable Instant ofNumber(double number) {
    double micros =
        number < MOST_SECONDS ? number * 1e6 : number < MOST_MILLIS ? number * 1e3 : number;
    // Small numbers are no times but mistakes.
    return micros < 1e14 || micros > 4e15
        ? null
        : Instant.EPOCH.plusNanos(Math.multiplyExact(Math.round(micros), 1000L));
  }

  private static int number(Matcher written, int group) {
    String digits = written.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    // Databases keep microseconds.
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000").substring(0, 6)) * 1000;
  }

  private static ZoneOffset offset(@Nullable String text) {
    return text == null || Character.isLetter(text.charAt(0))
        ? ZoneOffset.UTC
        : ZoneOffset.of(text);
  }
}
