package io.mybella.voice.job;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a long text where a speaker would draw breath. */
final class TextPieces {

  /**
   * What is said at once: long enough for the melody of speech, short enough that little is lost
   * when a worker dies, and below what any model takes in one request.
   */
  private static final int MOST = 800;

  private TextPieces() {}

  /**
   * Pieces of whole sentences; only a sentence that is too long by itself is cut, at a space where
   * it has one.
   *
   * @param text not blank
   * @return at least one, each of 1 to 800 characters, none blank
   */
  static List<String> of(String text) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (String sentence : sentences(text)) {
      if (piece.length() + sentence.length() > MOST) {
        flush(piece, pieces);
      }
      String rest = sentence;
      while (rest.length() > MOST) {
        int end = cut(rest);
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

  private static int cut(String text) {
    int space = text.lastIndexOf(' ', MOST - 1);
    if (space > MOST / 2) {
      return space + 1;
    }
    return Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
  }

  private static void flush(StringBuilder piece, List<String> pieces) {
    String words = piece.toString().strip();
    piece.setLength(0);
    if (!words.isEmpty()) {
      pieces.add(words);
    }
  }
}
