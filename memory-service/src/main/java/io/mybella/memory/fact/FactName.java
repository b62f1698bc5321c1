package io.mybella.memory.fact;

import io.mybella.chassis.text.StorableText;
import io.mybella.contracts.TextLimits;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Optional;

/**
 * What a preference is called. It has one value at a time. Two that differ only in case, in how
 * their letters are composed or in white space are the same.
 *
 * @param category 1 to {@value TextLimits#PREFERENCE_CATEGORY} characters, as compared
 * @param key 1 to {@value TextLimits#PREFERENCE_KEY} characters, as compared
 */
public record FactName(String category, String key) {

  /** Characters that cannot stand in a part of a path, however they are encoded. */
  private static final String NOT_IN_PATHS = "/\\;%";

  /**
   * The name that somebody writes.
   *
   * @return empty when it cannot be one
   */
  public static Optional<FactName> of(String category, String key) {
    var name = new FactName(compared(category), compared(key));
    return isFine(name.category, TextLimits.PREFERENCE_CATEGORY)
            && isFine(name.key, TextLimits.PREFERENCE_KEY)
        ? Optional.of(name)
        : Optional.empty();
  }

  private static String compared(String text) {
    return Normalizer.normalize(text, Form.NFC)
        .replaceAll("[\\p{Z}\\p{Cc}]+", " ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static boolean isFine(String text, int most) {
    return !text.isEmpty()
        && !text.equals(".")
        && !text.equals("..")
        && text.chars().noneMatch(each -> NOT_IN_PATHS.indexOf(each) >= 0)
        && text.codePointCount(0, text.length()) <= most
        && StorableText.isStorable(text);
  }
}
