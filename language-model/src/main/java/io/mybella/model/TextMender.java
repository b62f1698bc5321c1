package io.mybella.model;

/**
 * Makes pieces of text storable: drops NUL, which PostgreSQL cannot hold, replaces lone surrogates,
 * and keeps a character that was cut in two until its other half comes.
 */
final class TextMender {

  private static final char REPLACEMENT = '\uFFFD';

  private String held = "";

  /** The storable part of what was held and a piece; empty when nothing can be told yet. */
  String next(String piece) {
    String text = held + piece;
    held = "";
    var storable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        if (i + 1 == text.length()) {
          held = String.valueOf(c);
        } else if (Character.isLowSurrogate(text.charAt(i + 1))) {
          storable.append(c).append(text.charAt(++i));
        } else {
          storable.append(REPLACEMENT);
        }
      } else if (Character.isLowSurrogate(c)) {
        storable.append(REPLACEMENT);
      } else if (c != 0) {
        storable.append(c);
      }
    }
    return storable.toString();
  }
}
