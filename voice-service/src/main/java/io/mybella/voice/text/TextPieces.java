package io.mybella.voice.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a long text where a speaker would draw breath. */
public final class TextPieces {

  private TextPieces() {}

  /**
   * Pieces of whole sentences; only a sentence that is too long by itself is cut, at a space where
   * it has one.
   *
   * @param text not blank
   * @param most how long a piece may be, at least 2, in units of UTF-16
   * @return at least one, none blank
   */
  public static List<String> of(String text, int most) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (String sentence : sentences(text)) {
      if (piece.length() + sentence.length() > most) {
        flush(piece, pieces);
      }
      String rest = sentence;
      while (rest.length() > most) {
        int end = cut(rest, most);
        flush(piece.append(rest, 0, end), pieces);
        rest = rest.substring(end);
      }
      piece.append(rest);
    }
    flush(piece, pieces);
    return pieces;
  }

  private static List<String> sentences(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(text);
    List<String> sentences = new ArrayList<>();
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      sentences.add(text.substring(start, end));
      start = end;
    }
    return sentences;
  }

  private static int cut(String text, int most) {
    int space = text.lastIndexOf(' ', most - 1);
    if (space > most / 2) {
      return space + 1;
    }
    return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
  }

  private static void flush(StringBuilder piece, List<String> pieces) {
    String words = piece.toString().strip();
    piece.setLength(0);
    if (!words.isEmpty()) {
      pieces.add(words);
    }
  }
}
