package io.mybella.voice.engine;

import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes of a chat message what a speech engine can say: plain sentences, one piece at a time. */
final class SpeechText {

  /** A longer sentence is cut at a comma or a space; it bounds what one synthesis can cost. */
  private static final int MOST = 300;

  /** Shorter sentences are said together, so that the melody of speech carries over. */
  private static final int ENOUGH = 100;

  private static final Pattern UNSAID =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{So}\\p{Cs}*_#`~|^<>\\\\]+");
  private static final Pattern SINGLE_QUOTES = Pattern.compile("[‘’‚‛′]");
  private static final Pattern DOUBLE_QUOTES = Pattern.compile("[“”„‟″«»]");
  private static final Pattern DASHES = Pattern.compile("\\s*[–—―]\\s*");
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
  private static final Pattern SPACE_BEFORE_MARK = Pattern.compile(" ([,.!?])");
  private static final Pattern SAYABLE = Pattern.compile("[\\p{L}\\p{N}]");
  private static final Pattern END = Pattern.compile("[.!?][\"')\\]]*$");

  private SpeechText() {}

  /**
   * Splits a text at the ends of sentences. Emoji, control characters and marks of Markdown are
   * left out, typographic quotes and dashes become plain ones.
   *
   * @return pieces of at most 300 characters (and a full stop), each ending with punctuation; none
   *     when the text holds no letter and no digit
   */
  static List<String> pieces(String text) {
    String plain = plain(text);
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    sentences.setText(plain);
    int start = sentences.first();
    for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
      String sentence = plain.substring(start, end).strip();
      start = end;
      // The first sentence goes alone: the listener waits for it.
      if (!piece.isEmpty()
          && (pieces.isEmpty()
              || piece.length() >= ENOUGH
              || piece.length() + sentence.length() > MOST)) {
        flush(piece, pieces);
      }
      for (String part : cut(sentence)) {
        if (piece.length() + part.length() > MOST) {
          flush(piece, pieces);
        }
        piece.append(piece.isEmpty() ? "" : " ").append(part);
      }
    }
    flush(piece, pieces);
    return pieces;
  }

  private static String plain(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC);
    plain = SINGLE_QUOTES.matcher(plain).replaceAll("'");
    plain = DOUBLE_QUOTES.matcher(plain).replaceAll("\"");
    plain = DASHES.matcher(plain).replaceAll(", ");
    plain = UNSAID.matcher(plain).replaceAll(" ");
    plain = SPACES.matcher(plain).replaceAll(" ");
    return SPACE_BEFORE_MARK.matcher(plain).replaceAll("$1").strip();
  }

  private static List<String> cut(String sentence) {
    List<String> parts = new ArrayList<>();
    String rest = sentence;
    while (rest.length() > MOST) {
      int at = rest.lastIndexOf(", ", MOST - 1) + 1;
      if (at < MOST / 3) {
        at = rest.lastIndexOf(' ', MOST);
      }
      if (at < MOST / 3) {
        at = MOST;
        if (Character.isHighSurrogate(rest.charAt(at - 1))) {
          at--;
        }
      }
      parts.add(rest.substring(0, at).strip());
      rest = rest.substring(at).strip();
    }
    if (!rest.isEmpty()) {
      parts.add(rest);
    }
    return parts;
  }

  private static void flush(StringBuilder piece, List<String> pieces) {
    String said = piece.toString().strip();
    piece.setLength(0);
    if (SAYABLE.matcher(said).find()) {
      pieces.add(END.matcher(said).find() ? said : said + ".");
    }
  }
}
