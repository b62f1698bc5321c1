package io.mybella.memory.understanding;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.regex.Pattern;

/** The beginning of a text, on one line. */
public final class Excerpt {

  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");
  private static final String CUT = "…";

  private Excerpt() {}

  /**
   * A text on one line. What is too long ends with a sign of that, after a whole word if there is
   * one in the second half, else after a whole character as readers see it.
   *
   * @param most characters (UTF-16 units, so code points are no more), the sign included; at least
   *     2
   */
  public static String of(String text, int most) {
    String line = SPACE.matcher(text).replaceAll(" ").strip();
    if (line.length() <= most) {
      return line;
    }
    int room = most - CUT.length();
    int end = boundary(BreakIterator.getWordInstance(Locale.ROOT), line, room);
    if (end < most / 2) {
      end = boundary(BreakIterator.getCharacterInstance(Locale.ROOT), line, room);
    }
    return line.substring(0, end).stripTrailing() + CUT;
  }

  private static int boundary(BreakIterator parts, String line, int room) {
    // Where it would end lies within what is looked at.
    parts.setText(line.substring(0, Math.min(line.length(), 2 * room)));
    return parts.isBoundary(room) ? room : parts.preceding(room);
  }
}
