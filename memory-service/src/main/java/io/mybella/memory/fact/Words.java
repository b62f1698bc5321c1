package io.mybella.memory.fact;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/** A text as it is compared with another: its words alone. */
final class Words {

  private Words() {}

  /**
   * Letters and digits in lower case, with a blank between words. A text without any is what it is.
   */
  static String of(String text) {
    String composed = Normalizer.normalize(text, Form.NFC);
    var words = new StringBuilder(composed.length());
    composed
        .codePoints()
        .filter(each -> each != '\'' && each != '\u2019')
        .forEach(
            each -> {
              if (Character.isLetterOrDigit(each)) {
                words.appendCodePoint(Character.toLowerCase(each));
              } else if (!words.isEmpty() && words.charAt(words.length() - 1) != ' ') {
                words.append(' ');
              }
            });
    return words.isEmpty() ? composed.strip() : words.toString().stripTrailing();
  }
}
