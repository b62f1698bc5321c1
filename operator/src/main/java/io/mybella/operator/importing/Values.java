package io.mybella.operator.importing;

import io.mybella.operator.legacy.OldTime;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a row of the old file, read with forgiveness: SQLite keeps any type in any column.
 *
 * @param row stands on the row
 */
record Values(ResultSet row) {

  private static final Set<String> YES = Set.of("1", "1.0", "true", "t", "yes", "y", "on");
  private static final Set<String> NO = Set.of("0", "0.0", "false", "f", "no", "n", "off");

  /** Whatever is in it. */
  @Nullable Object raw(String column) throws SQLException {
    return row.getObject(column);
  }

  /**
   * Text that can be stored: without NUL, which PostgreSQL cannot hold, and without halves of
   * characters.
   *
   * @return null for NULL and for nothing but space
   */
  @Nullable String text(String column) throws SQLException {
    String text = exactText(column);
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** The same with the space around it; null for NULL and for nothing at all. */
  @Nullable String exactText(String column) throws SQLException {
    Object value = row.getObject(column);
    String text =
        switch (value) {
          case null -> null;
          case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
          default -> value.toString();
        };
    return text == null || text.isEmpty() ? null : storable(text);
  }

  /** As {@link #text}, no longer than that. */
  @Nullable String text(String column, int most) throws SQLException {
    String text = text(column);
    return text == null || text.length() <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, most)));
  }

  /** A whole number; null where there is none. */
  @Nullable Long number(String column) throws SQLException {
    Object value = row.getObject(column);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1e15) {
      return real.longValue();
    }
    return value instanceof String text && text.strip().matches("-?\\d{1,15}")
        ? (Long) Long.parseLong(text.strip())
        : null;
  }

  /** A number from 0 on that fits into an int; null where there is none. */
  @Nullable Integer count(String column) throws SQLException {
    Long number = number(column);
    return number == null || number < 0 || number > Integer.MAX_VALUE ? null : number.intValue();
  }

  /** A share from 0 to 1; null where there is none. */
  @Nullable Double share(String column) throws SQLException {
    Object value = row.getObject(column);
    double share;
    try {
      share =
          value instanceof Number number
              ? number.doubleValue()
              : Double.parseDouble(String.valueOf(value).strip());
    } catch (NumberFormatException none) {
      return null;
    }
    return Double.isFinite(share) ? (Double) Math.clamp(share, 0.0, 1.0) : null;
  }

  /** Yes or no, in the ways that SQLAlchemy and people write them. */
  boolean flag(String column, boolean otherwise) throws SQLException {
    String text = text(column);
    if (text == null) {
      return otherwise;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return YES.contains(lower) || (!NO.contains(lower) && otherwise);
  }

  /** A time that is not after another one; null where there is none. */
  @Nullable Instant time(String column, Instant latest) throws SQLException {
    Instant time = OldTime.read(row.getObject(column));
    return time == null || time.isAfter(latest) ? null : time;
  }

  private static String storable(String text) {
    boolean clean =
        text.indexOf('\0') < 0 && text.codePoints().noneMatch(Values::isHalfOfACharacter);
    if (clean) {
      return text;
    }
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints()
        .filter(point -> point != 0)
        .map(point -> isHalfOfACharacter(point) ? '\ufffd' : point)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean isHalfOfACharacter(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
