package io.mybella.chassis.text;

/**
 * Text that PostgreSQL can store and UTF-8 can carry. JSON can name characters that are neither:
 * NUL and half of a surrogate pair.
 */
public final class StorableText {

  private StorableText() {}

  /** Whether the text has neither a NUL nor an unpaired surrogate. */
  public static boolean isStorable(CharSequence text) {
    return text.codePoints().allMatch(StorableText::isStorable);
  }

  /** The text without what can neither be stored nor sent. */
  public static String without(CharSequence text) {
    return text.codePoints()
        .filter(StorableText::isStorable)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** An unpaired surrogate is a code point of its own. */
  private static boolean isStorable(int codePoint) {
    return codePoint != 0
        && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
  }
}
